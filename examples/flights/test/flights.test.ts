import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import * as z from "zod";
import { Metrics } from "../model/metrics.ts";
import { FlightsProject } from "./flights-project.ts";
import { computeReference, type Reference } from "./reference.ts";
import { fitReferenceModel } from "./reference-model.ts";

const project = new FlightsProject();
let api: string;
let reference: Reference;

/** The pipeline takes seconds, but the machine may be busy with other tests. */
const patience = { timeout: 180_000 };

before(async () => {
  const [materialized, computed] = await Promise.all([project.run("materialize", "*"), computeReference()]);
  assert.equal(materialized.code, 0, materialized.output);
  reference = computed;
  api = await project.serve();
}, patience);

after(async () => project[Symbol.asyncDispose]());

const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api}${path}`, { headers });

async function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function rows(path: string): Promise<unknown> {
  const answer = await get(path);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

async function etag(path: string): Promise<string> {
  const answer = await get(path);
  await answer.arrayBuffer();
  const found = answer.headers.get("etag");
  assert.ok(found !== null, `${path} has no ETag`);
  return found;
}

/** The next page's path, by the Link header (RFC 8288). */
function nextPage(answer: Response): string | undefined {
  const [, target] = /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("link") ?? "") ?? [];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, answer.url);
  return `${pathname.replace(/^\/api/, "")}${search}`;
}

const Weights = z.record(z.string(), z.number());

const examples = [
  "/airports/SFO/delays?from=2001-06-01&to=2001-06-07",
  "/routes?origin=SFO&min_flights=1000",
  "/daily-delays?from=2001-06-01&limit=5",
] as const;
const flight = { origin: "SFO", destination: "JFK", departure: "2001-06-15T17:30" };

suite("what the endpoints answer, against a second computation over the Parquet file", patience, () => {
  test("every flight is counted once, and only airports of flights are known", () => {
    assert.equal(reference.rawFlights, 3_000_000);
    assert.equal(
      Object.values(reference.flightsByMonth).reduce((sum, flights) => sum + flights),
      2_999_792,
    );
    assert.equal(reference.airports.length, 229);
  });

  test("what is left out are six flights of July, eleven impossible delays and all duplicates; the rest is in its month", async () => {
    assert.deepEqual(reference.leftOut, { afterJune: 6, impossibleDelay: 11, duplicate: 191 });
    const { code, output } = await project.run("show", "flights", "--json");
    assert.equal(code, 0, output);
    const Month = z.object({ partition: z.string(), rowCount: z.int() });
    const { asset } = z.object({ asset: z.object({ versions: z.array(Month) }) }).parse(JSON.parse(output));
    assert.deepEqual(
      Object.fromEntries(asset.versions.map(({ partition, rowCount }) => [partition, rowCount])),
      reference.flightsByMonth,
    );
  });

  test("each airport has its delays of all days, and no other airport has any", async () => {
    const expected = Map.groupBy(reference.dailyDelays, ({ origin }) => origin);
    for (const iata of reference.airports) {
      assert.deepEqual(await rows(`/airports/${iata}/delays`), expected.get(iata) ?? []);
    }
    assert.equal((await get("/airports/00M/delays")).status, 404, "an airport of the file without flights");
  });

  test("from and to are days, themselves included", async () => {
    const expected = reference.dailyDelays.filter(
      ({ origin, day }) => origin === "SFO" && day >= "2001-02-27" && day <= "2001-03-02",
    );
    assert.equal(expected.length, 4);
    assert.deepEqual(await rows("/airports/SFO/delays?from=2001-02-27&to=2001-03-02"), expected);
  });

  test("routes come by flights, descending, ties by their airports", async () => {
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    const expected = reference.routes.toSorted(
      (a, b) => b.flights - a.flights || order(a.origin, b.origin) || order(a.destination, b.destination),
    );
    assert.deepEqual(await rows("/routes"), expected);
    assert.deepEqual(
      await rows("/routes?origin=SFO&min_flights=1000"),
      expected.filter(({ origin, flights }) => origin === "SFO" && flights >= 1_000),
    );
  });

  test("pages of daily delays make up the whole, in order and without overlap", async () => {
    const pages: unknown[] = [];
    let path: string | undefined = "/daily-delays?limit=9000";
    for (; path !== undefined;) {
      const answer: Response = await get(path);
      assert.equal(answer.status, 200);
      pages.push(...JSON.parse(await answer.text()));
      path = nextPage(answer);
    }
    const byDay = reference.dailyDelays.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    assert.deepEqual(pages, byDay);
  });

  test("daily delays can be narrowed to days and to a range of origins", async () => {
    const expected = reference.dailyDelays
      .filter(({ day, origin }) => day === "2001-01-01" && origin >= "SEA" && origin <= "SJC")
      .toSorted((a, b) => (a.origin < b.origin ? -1 : 1));
    const path = "/daily-delays?from=2001-01-01&to=2001-01-01&origin_from=SEA&origin_to=SJC";
    assert.deepEqual(await rows(path), expected);
  });

  test("a flight on a Friday evening is more likely late than one on a Saturday morning", async () => {
    const Prediction = z.strictObject({ probability_late: z.number(), model_version: z.string().min(1) });
    const predict = async (body: object) =>
      Prediction.parse(await (await post("/predict-delay", body)).json());
    const evening = await predict(flight);
    const morning = await predict({ ...flight, departure: "2001-06-16T07:00" });
    assert.ok(evening.probability_late > 0.2 && evening.probability_late < 0.6);
    assert.ok(morning.probability_late > 0 && morning.probability_late < 0.15);
    assert.equal(evening.model_version, morning.model_version);
  });

  test("predictions are those of the same model, fitted a second time by another method", async () => {
    const expected = fitReferenceModel(reference.alikeFlights);
    const File = z.object({ intercept: z.number(), weights: z.record(z.string(), Weights) });
    const { intercept, weights } = File.parse(JSON.parse(project.contentOf("delay_model", ".json")));
    const routes = reference.routes.filter(({ flights }) => flights >= 200).filter((_, i) => i % 50 === 0);
    assert.ok(routes.length > 50);
    const differences: number[] = [];
    for (const [index, { origin, destination }] of routes.entries()) {
      // 2001-06-10 was a Sunday.
      const [hour, weekday] = [6 + (index % 17), index % 7];
      const departure = `2001-06-${10 + weekday}T${String(hour).padStart(2, "0")}:20`;
      const answer = await (await post("/predict-delay", { origin, destination, departure })).json();
      const { probability_late } = z.object({ probability_late: z.number() }).parse(answer);
      // Of the file as it was published, added up by hand.
      const day = weekday === 0 ? 7 : weekday;
      const logOdds = [
        ["hour", `${hour}`],
        ["weekday", `${day}`],
        ["origin", origin],
        ["destination", destination],
        ["route", `${origin} ${destination}`],
        ["origin_hour", `${origin} ${hour}`],
        ["destination_hour", `${destination} ${hour}`],
      ].reduce((sum, [feature = "", name = ""]) => sum + (weights[feature]?.[name] ?? 0), intercept);
      const difference = Math.abs(probability_late - 1 / (1 + Math.exp(-logOdds)));
      assert.ok(difference < 1e-12, `${origin} to ${destination} at ${departure} is ${difference} off`);
      differences.push(Math.abs(probability_late - expected({ origin, destination, hour, weekday })));
    }
    // The example stops training before the weights of its rarest hours have settled.
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
    assert.ok(mean < 0.005, `predictions are ${mean} off in the mean`);
    assert.ok(Math.max(...differences) < 0.1, `one is ${Math.max(...differences)} off`);
  });
});

suite("the model", patience, () => {
  test("it predicts June better than any constant could, by the figures in the README", async () => {
    const { code, output } = await project.run("show", "delay_model", "--json");
    assert.equal(code, 0, output);
    const Kept = Metrics.extend({ trained_flights: z.int() });
    const Shown = z.object({ asset: z.object({ versions: z.tuple([z.object({ metadata: Kept })]) }) });
    const [{ metadata }] = Shown.parse(JSON.parse(output)).asset.versions;
    assert.ok(metadata.log_loss < metadata.base_rate_log_loss);
    const { "2001-06": june = 0, ...beforeJune } = reference.flightsByMonth;
    const trained = Object.values(beforeJune).reduce((sum, flights) => sum + flights);
    assert.deepEqual([metadata.trained_flights, metadata.flights], [trained, june], "June is not trained on");
    const { "2001-06": lateInJune = 0 } = reference.lateByMonth;
    assert.deepEqual([metadata.late, metadata.base_rate], [lateInJune, lateInJune / june]);
    const inBins = metadata.calibration.reduce((sum, bin) => sum + bin.flights, 0);
    assert.equal(inBins, june, "calibration looks at every flight of June");
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    for (const row of [
      `| log loss | ${metadata.log_loss.toFixed(3)} | ${metadata.base_rate_log_loss.toFixed(3)} |`,
      `| AUC | ${metadata.auc.toFixed(3)} | 0.5 |`,
      `| calibration error | ${metadata.calibration_error.toFixed(3)} | |`,
    ]) {
      assert.ok(readme.includes(row), row);
    }
  });
});

suite("what is wrong with a request is said as a problem document", patience, () => {
  async function problem(answer: Response, status: number): Promise<Record<string, unknown>> {
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/);
    assert.equal(answer.headers.get("etag"), null);
    return JSON.parse(text);
  }

  test("an unknown airport is not found", async () => {
    const answers = [
      get("/airports/ZZZ/delays?from=2001-01-01&to=2001-01-02"),
      get("/routes?origin=ZZZ"),
      post("/predict-delay", { ...flight, origin: "ZZZ" }),
      post("/predict-delay", { ...flight, destination: "ZZZ" }),
    ];
    for (const answer of answers) {
      assert.equal((await problem(await answer, 404))["title"], "No such airport");
    }
  });

  test("impossible days and wrong types are refused, every one of them named", async () => {
    const both = await problem(await get("/airports/SFO/delays?from=2001-02-30&to=yesterday"), 422);
    assert.match(JSON.stringify(both["errors"]), /"\/from".*"\/to"/);
    await problem(await get("/airports/SFOX/delays"), 422);
    await problem(await get("/routes?min_flights=many"), 422);
    await problem(await get("/daily-delays?limit=0"), 422);
  });

  test("a flight that cannot be is refused", async () => {
    await problem(await post("/predict-delay", { ...flight, departure: "2001-02-30T17:30" }), 422);
    await problem(await post("/predict-delay", { ...flight, departure: "2001-06-15T17:30:00Z" }), 422);
    await problem(await post("/predict-delay", { ...flight, destination: "SFO" }), 422);
    await problem(await post("/predict-delay", { origin: "SFO" }), 422);
    await problem(await post("/predict-delay", { ...flight, origin: 7 }), 422);
  });
});

suite("answers can be kept", patience, () => {
  test("headers say which data answered, as of when, and whether it passed its checks", async () => {
    for (const path of examples) {
      const { headers } = await get(path);
      assert.match(headers.get("millrace-snapshot") ?? "", /:1$/);
      assert.match(headers.get("millrace-data-versions") ?? "", /daily_delays|route_stats/);
      assert.match(headers.get("millrace-checks") ?? "", /^passed=\d+, failed=0$/);
      assert.ok(Date.parse(headers.get("millrace-as-of") ?? "") > 0);
      assert.ok(Number(headers.get("millrace-age")) >= 0);
    }
  });

  test("each example asked fifty times gives the same bytes and the same ETag", async () => {
    for (const path of examples) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const answer = await get(path);
          return `${answer.headers.get("etag")} ${await answer.text()}`;
        }),
      );
      assert.equal(new Set(answers).size, 1, path);
    }
    const predictions = await Promise.all(
      Array.from({ length: 50 }, async () => (await post("/predict-delay", flight)).text()),
    );
    assert.equal(new Set(predictions).size, 1);
  });

  test("a known ETag is answered by 304 without a body", async () => {
    for (const path of examples) {
      const answer = await get(path, { "if-none-match": await etag(path) });
      assert.equal(answer.status, 304);
      assert.equal(await answer.text(), "");
    }
  });
});

suite("mistakes in the query for flights are refused, each by what should find it", patience, () => {
  const refusals = {
    "duplicates that are kept": {
      edit: ["select distinct date", "select date"],
      month: "2001-02",
      found:
        /unique departure, origin, destination, distance, delay failed: 52 of 458,165 rows have the same values/,
    },
    "flights of the next month": {
      edit: [" and date < ${months.end}", ""],
      month: "2001-06",
      found:
        /departures lie in the month failed: more than 5 rows found where none should be: \{"departure":"2001-07-01T/,
    },
    "impossible delays": {
      edit: [" and delay between -120 and 1440", ""],
      month: "2001-02",
      found:
        /3 of 458,144 rows have a value in delay that is less than -120; 2 of 458,144 rows have a value in delay that is more than 1440/,
    },
  } as const;
  for (const [mistake, { edit, month, found }] of Object.entries(refusals)) {
    test(mistake, async () => {
      const [right, wrong] = edit;
      const undo = project.edit("assets/flights.ts", right, wrong);
      const { code, output } = await project.run("materialize", "flights", "--partition", month);
      undo();
      assert.equal(code, 1, output);
      assert.match(output, found);
    });
  }
});

/** In order: each test publishes what the next one starts from; the server of the first one answers throughout. */
suite("publishes", patience, () => {
  const etags = async (): Promise<string[]> => Promise.all(examples.map(etag));
  const publish = async (code: number): Promise<string> => {
    const { code: ended, output } = await project.run("materialize", "*", "--stale");
    assert.equal(ended, code, output);
    return output;
  };

  test("a query that is written otherwise and gives equal data changes no ETag", async () => {
    const earlier = await etags();
    project.edit("assets/flights.ts", "delay between -120 and 1440", "delay >= -120 and delay <= 1440");
    await publish(0);
    assert.deepEqual(await etags(), earlier);
  });

  test("a publish that changes the data changes the ETags, at once", async () => {
    const earlier = await etags();
    project.edit("assets/flights.ts", "delay >= -120 and delay <= 1440", "delay >= -20 and delay <= 1440");
    await publish(0);
    (await etags()).forEach((now, i) => assert.notEqual(now, earlier[i]));
  });

  test("a rollback is followed by its endpoint, and held through --stale until it is released (N17)", async () => {
    const [path] = examples;
    const millrace = async (...args: string[]): Promise<string> => {
      const { code, output } = await project.run(...args);
      assert.equal(code, 0, output);
      return output;
    };
    const [changed, changedRows, others] = [await etag(path), await rows(path), await etag(examples[1])];
    await millrace("rollback", "daily_delays", "--reason", "flights in time were left out");
    const back = await etag(path);
    assert.notEqual(back, changed);
    const [iata, from, to] = ["SFO", "2001-06-01", "2001-06-07"];
    assert.deepEqual(
      await rows(path),
      reference.dailyDelays.filter(({ origin, day }) => origin === iata && day >= from && day <= to),
    );
    assert.equal(await etag(examples[1]), others, "routes stay where they were");

    assert.match(await millrace("materialize", "*", "--stale"), /held/);
    assert.equal(await etag(path), back, "what is held stays");

    await millrace("release", "daily_delays");
    assert.equal(await etag(path), back, "a release publishes nothing");
    await millrace("materialize", "*", "--stale");
    assert.equal(await etag(path), changed);
    assert.deepEqual(await rows(path), changedRows);
  });

  test("a model that is worse than the base rate is refused, and predictions go on as they were", async () => {
    const [before, earlier] = [await (await post("/predict-delay", flight)).text(), await etags()];
    project.edit(
      "assets/prediction.ts",
      "const model = trainDelayModel(await cells(delayFeatures, beforeJune));",
      "const model = { ...trainDelayModel(await cells(delayFeatures, beforeJune)), intercept: 1 };",
    );
    const output = await publish(1);
    assert.match(output, /predicts June better than its base rate/);
    assert.match(output, /log loss \d\.\d+, of the base rate 0\.5\d+/);
    assert.equal(await (await post("/predict-delay", flight)).text(), before);
    assert.deepEqual(await etags(), earlier);
  });
});
