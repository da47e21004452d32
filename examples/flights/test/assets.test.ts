import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { AssetCheck } from "millrace";
import { given, materialize, type GivenAsset } from "millrace/testing";
import { dailyDelays, dailyDelaysCount, routeStats, routeStatsCount } from "../assets/delays.ts";
import { airports, airportsFile, everyAirportIsKnown, flights, rawFlights } from "../assets/flights.ts";
import { delayFeatures } from "../assets/prediction.ts";

type RawFlight = [date: string, delay: number, distance: number, origin: string, destination: string];

const raw = (...rows: RawFlight[]) =>
  given(
    rawFlights,
    rows.map(([date, delay, distance, origin, destination]) => ({
      date,
      delay,
      distance,
      origin,
      destination,
    })),
  );

const someFlights = given(
  flights,
  [
    { departure: "2001-01-05T17:10:00", origin: "SFO", destination: "JFK", distance: 2586, delay: 15 },
    { departure: "2001-01-05T17:50:00", origin: "SFO", destination: "JFK", distance: 2586, delay: 16 },
    { departure: "2001-01-05T23:59:00", origin: "SFO", destination: "LAX", distance: 337, delay: -4 },
    { departure: "2001-01-06T00:00:00", origin: "SFO", destination: "LAX", distance: 337, delay: 60 },
    { departure: "2001-01-06T09:00:00", origin: "LAX", destination: "SFO", distance: 337, delay: 0 },
  ],
  { partition: "2001-01" },
);

suite("flights", () => {
  /** January 2001 made of these rows of the source. */
  const january = (...rows: RawFlight[]) =>
    materialize([flights], { partition: "2001-01", given: [raw(...rows)] });

  test("a month takes its own rows, each once, without impossible delays", async () => {
    await using run = await january(
      ["2001-01-01T00:00:00", 5, 337, "SFO", "LAX"],
      ["2001-01-01T00:00:00", 5, 337, "SFO", "LAX"],
      ["2001-01-01T00:00:00", 6, 337, "SFO", "LAX"],
      ["2001-01-02T10:00:00", -120, 337, "SFO", "LAX"],
      ["2001-01-02T10:00:00", -121, 337, "SFO", "LAX"],
      ["2001-01-31T23:59:59", 1440, 337, "SFO", "LAX"],
      ["2001-01-31T23:59:59", 1441, 337, "SFO", "LAX"],
      ["2001-02-01T00:00:00", 5, 337, "SFO", "LAX"],
    );
    // Of the whole country's flights there are many more: the checks say so, and what they counted.
    assert.equal(
      run.failures[0]?.reason,
      "flights[2001-01]: a blocking check failed: row count: 4 rows; wanted 400,000 to 600,000; " +
        'no day is missing: 1 row found where none should be: {"days":3}; ' +
        'delays are in minutes: 1 row found where none should be: {"mean":332.75}',
    );
  });

  test("each usual mistake in the source has a check that finds it", async () => {
    await using run = await january(
      ["2001-01-01T10:00:00", 0, 337, "SFO", "LAX"],
      ["2001-01-01T11:00:00", 0, 543, "SFO", "LAX"],
      ["2001-01-01T12:00:00", 0, 100, "SFO", "SFO"],
    );
    assert.equal(
      run.failures[0]?.reason,
      "flights[2001-01]: a blocking check failed: row count: 3 rows; wanted 400,000 to 600,000; " +
        'no day is missing: 1 row found where none should be: {"days":1}; ' +
        "no flight to its own origin: 1 row found where none should be: " +
        '{"departure":"2001-01-01T12:00:00","origin":"SFO","destination":"SFO","distance":100,"delay":0}; ' +
        "a route has one distance: 1 row found where none should be: " +
        '{"origin":"SFO","destination":"LAX","least":337,"most":543}; ' +
        'delays are in minutes: 1 row found where none should be: {"mean":0}',
    );
  });

  test("distances in kilometres are refused", async () => {
    await using run = await january(["2001-01-01T10:00:00", 0, 7_986, "JFK", "HNL"]);
    assert.equal(run.status, "failure");
    assert.match(run.failures[0]?.reason ?? "", /distance/);
  });
});

suite("checks between assets", () => {
  async function verdicts(check: AssetCheck<string>, ...contents: readonly GivenAsset[]) {
    await using run = await materialize([], { given: [someFlights, ...contents], checks: [check] });
    return run.checks.map(({ passed, metadata }) => ({ passed, ...metadata }));
  }

  test("an airport that only arrivals name is missed", async () => {
    const place = { name: "A", city: "B", state: "C", country: "USA", latitude: 0, longitude: 0 };
    const known = (...codes: string[]) =>
      given(
        airports,
        codes.map((iata) => ({ iata, ...place })),
      );
    assert.deepEqual(await verdicts(everyAirportIsKnown, known("JFK", "LAX", "SFO")), [
      { passed: true, missing: [] },
    ]);
    assert.deepEqual(await verdicts(everyAirportIsKnown, known("LAX", "SFO")), [
      { passed: false, missing: ["JFK"] },
    ]);
  });

  test("a flight that is counted twice, or not at all, is noticed in days and in routes", async () => {
    const route = { origin: "SFO", destination: "JFK", distance: 2586 };
    const day = { day: "2001-01-05", origin: "SFO", late_share: 0 };
    for (const flights of [4, 5, 6]) {
      const expected = [{ passed: flights === 5, counted: flights, flights: 5 }];
      const counts = { flights, mean_delay: 9 };
      assert.deepEqual(
        await verdicts(dailyDelaysCount, given(dailyDelays, [{ ...day, ...counts }])),
        expected,
      );
      assert.deepEqual(
        await verdicts(routeStatsCount, given(routeStats, [{ ...route, ...counts }])),
        expected,
      );
    }
  });
});

suite("what is computed from flights", () => {
  test("daily delays count by local day, late from 16 minutes on", async () => {
    await using run = await materialize([dailyDelays], { given: [someFlights] });
    assert.deepEqual(await run.rows(dailyDelays), [
      { day: "2001-01-06", origin: "LAX", flights: 1, mean_delay: 0, late_share: 0 },
      { day: "2001-01-05", origin: "SFO", flights: 3, mean_delay: 9, late_share: 1 / 3 },
      { day: "2001-01-06", origin: "SFO", flights: 1, mean_delay: 60, late_share: 1 },
    ]);
  });

  test("route statistics hold too few routes to be those of the whole country, and say so", async () => {
    await using run = await materialize([routeStats], { given: [someFlights] });
    assert.equal(
      run.failures[0]?.reason,
      "route_stats: a blocking check failed: row count: 3 rows; wanted 3,000 to 4,000",
    );
  });

  test("features count the late flights of each hour and weekday", async () => {
    await using run = await materialize([delayFeatures], { given: [someFlights], partition: "2001-01" });
    const month = "2001-01-01";
    assert.deepEqual(await run.rows(delayFeatures), [
      { month, origin: "LAX", destination: "SFO", hour: 9, weekday: 6, flights: 1, late: 0 },
      { month, origin: "SFO", destination: "JFK", hour: 17, weekday: 5, flights: 2, late: 1 },
      { month, origin: "SFO", destination: "LAX", hour: 0, weekday: 6, flights: 1, late: 1 },
      { month, origin: "SFO", destination: "LAX", hour: 23, weekday: 5, flights: 1, late: 0 },
    ]);
  });

  test("airports are those of flights, and too few of them are refused", async () => {
    const place = { name: "A", city: "B", state: "C", country: "USA", latitude: 0, longitude: 0 };
    await using run = await materialize([airports], {
      given: [
        someFlights,
        given(airportsFile, [
          { iata: "SFO", ...place },
          { iata: "OAK", ...place },
        ]),
      ],
    });
    assert.equal(
      run.failures[0]?.reason,
      "airports: a blocking check failed: row count: 1 row; wanted 200 to 300",
    );
  });
});
