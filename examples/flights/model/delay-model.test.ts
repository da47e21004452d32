import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  evaluateDelayModel,
  parseDelayModel,
  probabilityLate,
  serializeDelayModel,
  trainDelayModel,
  type Cell,
} from "./delay-model.ts";
import { departureOf } from "./features.ts";

const airports = ["AAA", "BBB", "CCC", "DDD"];

/** A world in which evenings are late, Fridays later, and everything to DDD is on time. */
function lateShare({ destination, hour, weekday }: Omit<Cell, "flights" | "late">): number {
  return destination === "DDD" ? 0.02 : 0.1 + (hour >= 18 ? 0.4 : 0) + (weekday === 5 ? 0.2 : 0);
}

const cells: readonly Cell[] = airports.flatMap((origin) =>
  airports
    .filter((destination) => destination !== origin)
    .flatMap((destination) =>
      [7, 12, 18, 20].flatMap((hour) =>
        [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
          const departure = { origin, destination, hour, weekday };
          return { ...departure, flights: 50, late: Math.round(50 * lateShare(departure)) };
        }),
      ),
    ),
);

const complete = () => {
  const fitted = trainDelayModel(cells);
  return { ...fitted, periods: { trained: "a", evaluated: "b" }, metrics: evaluateDelayModel(fitted, cells) };
};

suite("delay model", () => {
  test("it learns what makes flights late", () => {
    const model = trainDelayModel(cells);
    const at = (destination: string, departure: string): number =>
      probabilityLate(model, departureOf("AAA", destination, departure));
    // 2001-06-13 is a Wednesday, the 15th a Friday.
    assert.ok(Math.abs(at("BBB", "2001-06-13T07:15") - 0.1) < 0.03);
    assert.ok(Math.abs(at("BBB", "2001-06-13T18:15") - 0.5) < 0.05);
    assert.ok(at("BBB", "2001-06-15T18:15") > at("BBB", "2001-06-13T18:15"));
    assert.ok(at("DDD", "2001-06-15T18:15") < 0.1);
  });

  test("an airport, route or hour that it never saw counts as average", () => {
    const model = trainDelayModel(cells);
    const unknown = probabilityLate(model, departureOf("XXX", "YYY", "2001-06-13T03:00"));
    assert.ok(unknown > 0.1 && unknown < 0.4);
  });

  test("the file gives back the model that was written", () => {
    const model = complete();
    assert.deepEqual(parseDelayModel(serializeDelayModel(model)), model);
  });

  test("equal flights give an equal file", () => {
    assert.equal(serializeDelayModel(complete()), serializeDelayModel(complete()));
  });

  test("a file that holds something else is refused", () => {
    const { intercept: _, ...incomplete } = complete();
    assert.throws(() => parseDelayModel(JSON.stringify(incomplete)), /intercept/);
  });

  test("hour and weekday are those at the airport, whatever the machine's time zone", () => {
    const expected = { origin: "AAA", destination: "BBB", hour: 23, weekday: 7 };
    assert.deepEqual(departureOf("AAA", "BBB", "2001-06-17T23:59"), expected);
    assert.deepEqual(departureOf("AAA", "BBB", "2001-06-17T23:59:30.5"), expected);
    assert.equal(departureOf("AAA", "BBB", "2001-06-18T00:00").weekday, 1);
  });
});
