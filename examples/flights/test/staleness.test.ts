import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as z from "zod";
import { FlightsProject } from "./flights-project.ts";

/** The pipeline takes seconds, but the machine may be busy with other tests. */
const patience = { timeout: 180_000 };
const project = new FlightsProject();

before(async () => {
  const { code, output } = await project.run("materialize", "*");
  assert.equal(code, 0, output);
}, patience);

after(async () => project[Symbol.asyncDispose]());

const Listed = z.object({ key: z.string(), staleness: z.object({ status: z.string() }).optional() });
const Found = z.object({
  status: z.string(),
  causes: z.array(
    z.object({
      text: z.string(),
      changes: z
        .array(
          z.object({
            file: z.string(),
            diff: z.array(z.object({ side: z.string(), text: z.string() })),
          }),
        )
        .optional(),
    }),
  ),
  upstream: z.array(z.object({ path: z.array(z.string()) })),
});

/** Keys of what is not fresh, with how it stands. */
async function standing(): Promise<Record<string, string>> {
  const { code, output } = await project.run("ls", "--json");
  assert.equal(code, 0, output);
  const { assets } = z.object({ assets: z.array(Listed) }).parse(JSON.parse(output));
  return Object.fromEntries(
    assets.flatMap(({ key, staleness }) =>
      staleness === undefined || staleness.status === "fresh" ? [] : [[key, staleness.status]],
    ),
  );
}

async function why(name: string): Promise<z.infer<typeof Found>> {
  const { code, output } = await project.run("why", name, "--json");
  assert.equal(code, 0, output);
  const [found] = z.object({ why: z.object({ findings: z.array(Found) }) }).parse(JSON.parse(output))
    .why.findings;
  return found ?? assert.fail(output);
}

/** In order: each test begins where the one before ends. */
suite("what a change of the code makes stale", patience, () => {
  test("a comment in a helper makes nothing stale (N8)", async () => {
    project.edit("model/metrics.ts", "export ", "// What counts is said below.\nexport ");
    assert.deepEqual(await standing(), {});
  });

  test("a helper's logic makes exactly those stale that reach it, and why names the file and its lines (N8, N21)", async () => {
    project.edit("model/logistic-regression.ts", "1 / (1 +", "1.0 / (1.0 +");
    assert.deepEqual(await standing(), { delay_model: "stale" });
    const { status, causes } = await why("delay_model");
    assert.equal(status, "stale");
    assert.deepEqual(
      causes.map(({ text }) => text),
      ["its code changed (model/logistic-regression.ts)"],
    );
    const [change] = causes[0]?.changes ?? [];
    assert.deepEqual(
      change?.diff
        .filter(({ side }) => side !== "both")
        .map(({ side, text }) => [side, text.includes("1.0")]),
      [
        ["before", false],
        ["after", true],
      ],
    );
    assert.equal((await why("daily_delays")).status, "fresh");
  });

  test("a month that is made again with equal content makes nothing below run (N4, N22)", async () => {
    const again = await project.run("materialize", "flights", "--partition", "2001-03", "--new", "--json");
    assert.equal(again.code, 0, again.output);
    assert.deepEqual(await standing(), { delay_model: "stale" });

    project.edit(
      "assets/flights.ts",
      "select distinct date as departure",
      "select distinct\n      date as departure",
    );
    const { upstream } = await why("daily_delays");
    assert.deepEqual(upstream, [{ path: ["flights"] }]);
    const { code, output } = await project.run(
      "materialize",
      "flights daily_delays route_stats airports delay_features",
      "--stale",
      "--json",
    );
    assert.equal(code, 0, output);
    const Step = z.object({ step: z.string(), result: z.string(), reason: z.string().optional() });
    const { steps } = z.object({ steps: z.array(Step) }).parse(JSON.parse(output));
    const results = Map.groupBy(steps, ({ step }) => step.replace(/\[.*/, ""));
    for (const key of ["daily_delays", "route_stats", "airports", "delay_features"]) {
      for (const { result, reason } of results.get(key) ?? assert.fail(key)) {
        // Not run at all: a step that ran and came out equal gives no reason.
        assert.deepEqual([result, reason], ["unchanged", "unchanged"], key);
      }
    }
    assert.deepEqual(
      results.get("flights")?.map(({ result, reason }) => [result, reason]),
      Array.from({ length: 6 }, () => ["unchanged", undefined]),
    );
  });
});
