import { suite, test } from "node:test";
import * as fc from "fast-check";
import type { DatabaseUnderTest } from "../database-under-test.ts";
import {
  Collect,
  Compact,
  Pass,
  Pin,
  Release,
  Rename,
  Retire,
  RollBack,
  Unpin,
  type Where,
} from "./catalog-commands.ts";
import { CatalogUnderTest, type StepKind, type Wanted } from "./catalog-under-test.ts";
import { compareEverything } from "./compare-catalogs.ts";
import { assets, ModelCatalog } from "./model-catalog.ts";
import { Begin, type CatalogCommand, Finish, Materialize, Work } from "./run-commands.ts";

const ordinals = 6;
const slice = fc.constantFrom("" as const, "" as const, "de" as const);
const size = { from: fc.nat(ordinals - 1), length: fc.integer({ min: 1, max: 5 }) };

const wanted: fc.Arbitrary<Wanted> = fc.record({
  kind: fc.constantFrom<StepKind>("orders", "orders", "days", "days", "days", "pair", "report", "report"),
  slice,
  ...size,
  content: fc.nat(3),
  share: fc.boolean(),
  append: fc.boolean(),
});

const where: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ asset: fc.constantFrom("days" as const, ...assets) }),
  fc
    .record({ asset: fc.constantFrom("days" as const, "days" as const, "left" as const), slice, ...size })
    .map(({ asset, slice, from, length }) => ({ asset, within: { slice, from, to: from + length } })),
);

const places = fc.uniqueArray(where, { minLength: 1, maxLength: 2, selector: ({ asset }) => asset });
const slot = fc.nat(1);
const back = fc.nat(5);
const name = fc.constantFrom("good", "audit");

const to: fc.Arbitrary<RollBack["to"]> = fc.oneof(
  fc.constant("earlier" as const),
  fc.record({ back }),
  fc.record({ version: fc.nat(20) }),
);

/** At most one step for each kind, so that no two steps of a run that stays at work write the same. */
const apart = fc.uniqueArray(wanted, { minLength: 1, maxLength: 3, selector: ({ kind }) => kind });

const often = <T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T>[] =>
  Array.from({ length: times }, () => arbitrary);

const commands: fc.Arbitrary<CatalogCommand>[] = [
  ...often(
    5,
    fc.array(wanted, { minLength: 1, maxLength: 3 }).map((steps) => new Materialize(steps)),
  ),
  ...often(
    2,
    fc.tuple(slot, apart).map(([slot, steps]) => new Begin(slot, steps)),
  ),
  ...often(
    3,
    fc
      .tuple(slot, fc.constantFrom("make", "make", "make", "make", "intend", "reject", "fail"))
      .map(([slot, ending]) => new Work(slot, ending)),
  ),
  ...often(
    2,
    fc
      .tuple(slot, fc.constantFrom("publish", "publish", "force"), fc.boolean())
      .map(([slot, publish, end]) => new Finish(slot, { publish, end })),
  ),
  fc.tuple(slot).map(([slot]) => new Finish(slot, { end: true })),
  ...often(
    3,
    fc
      .tuple(places, to, fc.boolean(), fc.boolean())
      .map(([where, to, a, b]) => new RollBack(where, to, a && b)),
  ),
  ...often(
    2,
    fc.tuple(places, fc.boolean()).map(([where, publish]) => new Release(where, publish)),
  ),
  where.map((one) => new Retire(one)),
  fc.constantFrom(...assets).map((asset) => new Rename(asset)),
  fc.tuple(back, name).map(([back, name]) => new Pin(back, name)),
  name.map((one) => new Unpin(one)),
  fc.integer({ min: 1, max: 6 }).map((hours) => new Pass(hours)),
  fc.constant(new Collect()),
  ...often(
    2,
    fc.constantFrom(...assets).map((asset) => new Compact(asset)),
  ),
];

/** Much of one asset, held and released: what waits overlaps, and pointers are cut to pieces. */
const wide = fc.record({
  kind: fc.constant("days" as const),
  slice: fc.constant("" as const),
  from: fc.nat(3),
  length: fc.integer({ min: 2, max: 5 }),
  content: fc.nat(3),
  share: fc.boolean(),
  append: fc.boolean(),
});
const someDays = fc.oneof(
  fc.constant({ asset: "days" as const }),
  fc.record(size).map(({ from, length }) => ({
    asset: "days" as const,
    within: { slice: "", from, to: from + length },
  })),
);
const aroundHolds: fc.Arbitrary<CatalogCommand>[] = [
  ...often(
    3,
    wide.map((step) => new Materialize([step])),
  ),
  fc.tuple(someDays, to).map(([one, to]) => new RollBack([one], to, false)),
  fc.tuple(someDays, fc.boolean()).map(([one, publish]) => new Release([one], publish)),
];

const series = fc.oneof(
  { weight: 2, arbitrary: fc.commands(commands, { maxCommands: 40, size: "max" }) },
  { weight: 1, arbitrary: fc.commands(aroundHolds, { maxCommands: 25, size: "max" }) },
);

/** Any series of what can happen to a catalog, beside a model of it that knows no ranges, indexes or transactions. */
export function catalogModelContract(database: DatabaseUnderTest): void {
  suite(`any series of changes to the catalog in ${database.name}`, () => {
    test("says what a naive model says, and loses nothing that can be read (N1, N10, N12, N13, N15, N16, N17, N18)", async (t) => {
      const made = await database.make(t);
      const state = await made.open();
      const seed = Math.floor(Math.random() * 2 ** 31);
      t.diagnostic(`seed ${seed}`);
      await fc.assert(
        fc.asyncProperty(series, async (commands) => {
          const model = new ModelCatalog();
          const real = await CatalogUnderTest.open(made, state);
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await compareEverything(model, real);
        }),
        { numRuns: 60, seed, interruptAfterTimeLimit: 45_000 },
      );
    });
  });
}
