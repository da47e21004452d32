import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { suite, test } from "node:test";
import type { Column } from "../../../src/core/column/column.ts";
import { MillraceError } from "../../../src/core/errors.ts";
import type { StagedVersion } from "../../../src/ports/state/run-store.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { refused } from "./refusal.ts";
import { daily, days, TestProject } from "./test-project.ts";

const column = (name: string, kind: "integer" | "varchar" | "double", nullable = false): Column => ({
  name,
  type: { kind },
  nullable,
  rules: [],
});
const ints = [column("n", "integer")];
const texts = [column("n", "varchar")];
const doubles = [column("n", "double")];

const table = (columns: readonly Column[]): Partial<StagedVersion> => ({
  kind: "table",
  location: { store: "local", files: ["x.parquet"] },
  columns,
});
const server = (id: string) => ({ id, host: "here", pid: 4711 });
const ttl = 600_000;

export function contractsContract(database: DatabaseUnderTest): void {
  suite(`schemas and contracts in ${database.name}`, () => {
    test("partitions of schemas that do not fit together are not published beside one another (N6)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const [one, two, three] = [days(1), days(2), days(3)].map((range) => project.step("days", range));
      assert.ok(one && two && three);
      await project.materialize([one, table(ints)], [two, table(ints)], [three, table(ints)]);
      const run = await project.run([one, two, three]);
      const first = await run.make(one, table(texts));
      const error = await run.publish({ versionIds: [first] }).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof MillraceError);
      assert.equal(error.code, "SCHEMA_MIXED");
      assert.equal(
        error.message,
        "days: the column n is stored as INTEGER and declared as VARCHAR, so its partitions have to be published " +
          "together; left out: 1970-01-03, 1970-01-04",
      );
      await refused("SCHEMA_MIXED", run.publish({ versionIds: [first], force: true }));
      assert.equal(await project.head(), 1, "nothing of a refused publish remains");
      assert.equal((await project.state.catalog.version(first))?.state, "staged");
      const rest = [await run.make(two, table(texts)), await run.make(three, table(texts))];
      assert.equal((await run.publish({ versionIds: [first, ...rest] })).snapshot, 2);
    });

    test("of many partitions that would not fit the first few are named, by key or by day, in a branch too (N6, N11)", async (t) => {
      const regions = ["north", "south", "east"];
      const project = await TestProject.open(await (await database.make(t)).open(), {
        days: daily,
        regions: { identity: "static", keys: regions },
      });
      const places = regions.map((_, index) => project.step("regions", days(index)));
      await project.materialize(
        [project.step("days", days(0, 3)), table(ints)],
        [project.step("days", days(5, 14)), table(ints)],
        ...places.map((place) => [place, table(ints)] as const),
      );
      const leftOut = async (where: TestProject, key: string, range = days(1)) => {
        const run = await where.run([where.step(key, range)]);
        const version = await run.make(where.step(key, range), table(texts));
        const { message } = await refused("SCHEMA_MIXED", run.publish({ versionIds: [version] }));
        await run.end("failure");
        return message.replace(/^.*left out: /, "");
      };
      for (const where of [project, await project.branch("pr-7")]) {
        assert.equal(await leftOut(where, "regions"), "north, east");
        const few = "1970-01-01, 1970-01-03, 1970-01-06, 1970-01-07, 1970-01-08 and 6 more";
        assert.equal(await leftOut(where, "days"), few);
      }
    });

    test("a wider partition is published beside narrower ones, a narrower one beside wider ones is not (N6)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(1, 9)), table(ints)]);
      const wide = [...doubles, column("added", "varchar", true)];
      assert.equal((await project.materialize([project.step("days", days(3)), table(wide)])).snapshot, 2);
      await refused("SCHEMA_MIXED", project.materialize([project.step("days", days(4)), table(ints)]));
    });

    test("partitions that end with a publish are not asked about (N6)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize([project.step("days", days(1, 3)), table(ints)]);
      const { assetId, spaceId } = project.asset("days");
      const run = await project.run([project.step("days", days(1))]);
      const versionId = await run.make(project.step("days", days(1)), table(texts));
      const retire = [{ assetId, place: { spaceId, range: days(2) } }];
      assert.equal((await run.publish({ versionIds: [versionId], retire })).snapshot, 2);
    });

    test("a rollback of some partitions does not tear an asset either, one of all of them goes back whole (N6, N17)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      await project.materialize(
        [project.step("days", days(1)), table(ints)],
        [project.step("days", days(2)), table(ints)],
      );
      await project.materialize(
        [project.step("days", days(1)), table(texts)],
        [project.step("days", days(2)), table(texts)],
      );
      const back = (ranges?: readonly ReturnType<typeof days>[]) => {
        const target = { key: "days", ...project.asset("days"), ...(ranges === undefined ? {} : { ranges }) };
        return project.state.holds.rollBack(project.scope, {
          targets: [target],
          to: "earlier",
          by: "ada",
          reason: "",
        });
      };
      await refused("SCHEMA_MIXED", back([days(1)]));
      assert.equal(await project.head(), 2);
      assert.equal((await back()).snapshot, 3);
    });

    test("a publish that a served endpoint cannot read is refused, naming it, the column and both types (N20)", async (t) => {
      const made = await database.make(t);
      const project = await TestProject.open(await made.open());
      const serving = await made.open();
      const contract = { endpoint: "GET /orders", asset: "orders", columns: ints };
      await serving.contracts.announce(project.scope, server("s"), [contract], ttl);
      const orders = project.step("orders");
      const run = await project.run([orders]);
      const versionId = await run.make(orders, table(texts));
      const error = await run.publish({ versionIds: [versionId] }).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof MillraceError);
      assert.equal(error.code, "CONTRACT_BROKEN");
      assert.equal(
        error.message,
        "The endpoint GET /orders, served by 4711 on here, reads orders.n as INTEGER, and would find it VARCHAR",
      );
      assert.deepEqual(error.place, { endpoint: "GET /orders", asset: "orders", field: "n" });
      assert.equal(await project.head(), 0);
      assert.equal((await project.state.catalog.version(versionId))?.state, "staged");
      const forced = await run.publish({ versionIds: [versionId], force: true });
      assert.deepEqual([forced.snapshot, forced.published], [1, [versionId]]);
    });

    test("every contract that would be broken is told, and columns that nobody reads may change (N20)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { contracts } = project.state;
      const reads = (endpoint: string, columns: readonly Column[]) => ({
        endpoint,
        asset: "orders",
        columns,
      });
      const both = [...ints, column("m", "integer")];
      await contracts.announce(
        project.scope,
        server("a"),
        [reads("GET /a", ints), reads("GET /b", both)],
        ttl,
      );
      await contracts.announce(project.scope, server("b"), [reads("GET /a", ints)], ttl);
      const orders = project.step("orders");
      const publish = (columns: readonly Column[]) => project.materialize([orders, table(columns)]);
      const run = await project.run([orders]);
      const versionIds = [await run.make(orders, table(texts))];
      const error = await run.publish({ versionIds }).catch((thrown: unknown) => thrown);
      await run.end("failure");
      assert.ok(error instanceof MillraceError);
      assert.deepEqual(
        error.problems.map(({ details }) => [details["endpoint"], details["column"], details["found"]]),
        [
          ["GET /a", "n", "VARCHAR"],
          ["GET /a", "n", "VARCHAR"],
          ["GET /b", "n", "VARCHAR"],
          ["GET /b", "m", "absent"],
        ],
      );
      await contracts.withdraw("a");
      assert.equal((await publish([...ints, column("x", "varchar")])).snapshot, 1);
      assert.equal((await publish([...ints, column("x", "double")])).snapshot, 2);
    });

    test("a wider contract reads narrower data, and a column that may be NULL need not be there (N20)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const columns = [...doubles, column("maybe", "varchar", true)];
      const contract = { endpoint: "GET /orders", asset: "orders", columns };
      await project.state.contracts.announce(project.scope, server("s"), [contract], ttl);
      assert.equal((await project.materialize([project.step("orders"), table(ints)])).snapshot, 1);
      await refused(
        "CONTRACT_BROKEN",
        project.materialize([project.step("orders"), table([column("n", "double", true)])]),
      );
    });

    test("a server counts for as long as it is heard of, and until it says that it ends (N20)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { contracts } = project.state;
      const contract = { endpoint: "GET /orders", asset: "orders", columns: ints };
      const live = async () => (await contracts.live(project.scope)).map((each) => each.server);
      await contracts.announce(project.scope, server("s"), [contract], 40);
      await delay(60);
      assert.deepEqual(await live(), []);
      assert.equal((await project.materialize([project.step("orders"), table(texts)])).snapshot, 1);
      assert.equal(await contracts.renew("s", ttl), true, "late, but nobody has cleared it away yet");
      assert.deepEqual(await live(), ["4711 on here"]);
      await contracts.withdraw("s");
      assert.deepEqual(await live(), []);
      assert.equal(await contracts.renew("s", ttl), false);
      await contracts.withdraw("s");
      await contracts.announce(project.scope, server("old"), [contract], -1);
      await contracts.announce(project.scope, server("new"), [contract], ttl);
      assert.equal(await contracts.renew("old", ttl), false, "whoever announces clears away who is gone");
    });

    test("what a server announces takes the place of what it announced before (N20)", async (t) => {
      const project = await TestProject.open(await (await database.make(t)).open());
      const { contracts } = project.state;
      const reads = (columns: readonly Column[]) => [{ endpoint: "GET /orders", asset: "orders", columns }];
      await contracts.announce(project.scope, server("s"), reads(ints), ttl);
      await contracts.announce(project.scope, server("s"), reads(texts), ttl);
      assert.deepEqual(
        await contracts.live(project.scope, [project.asset("orders").assetId]),
        reads(texts).map((contract) => ({ ...contract, server: "4711 on here" })),
      );
      assert.deepEqual(await contracts.live(project.scope, [project.asset("days").assetId]), []);
      const other = await TestProject.open(project.state, undefined, { environment: "elsewhere" });
      assert.deepEqual(await contracts.live(other.scope), [], "another environment has servers of its own");
    });
  });
}
