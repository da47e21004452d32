import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { all, run, type Script } from "../../../src/storage/database/script.ts";
import type { DatabaseUnderTest } from "./database-under-test.ts";
import { refused } from "./refusal.ts";

function* insert(name: string): Script<void> {
  yield* run("insert into project (name, created_at) values (?, {now})", name);
}

function* names(): Script<readonly string[]> {
  return (yield* all<{ name: string }>("select name from project order by name")).map(({ name }) => name);
}

export function transactionsContract(database: DatabaseUnderTest): void {
  suite(`transactions in ${database.name}`, () => {
    test("a script that throws in the middle leaves nothing, and the next one runs (N36)", async (t) => {
      const made = await database.make(t);
      await made.open();
      const driver = await made.openDriver();
      const failing = driver.write(function* () {
        yield* insert("a");
        throw new Error("in the middle");
      });
      await assert.rejects(failing, { message: "in the middle" });
      await driver.write(() => insert("b"));
      assert.deepEqual(await driver.read(names), ["b"]);
    });

    test("a statement that the database refuses undoes the whole script (N36)", async (t) => {
      const made = await database.make(t);
      await made.open();
      const driver = await made.openDriver();
      const twice = driver.write(function* () {
        yield* insert("a");
        yield* insert("a");
      });
      await assert.rejects(twice, /unique/i);
      assert.deepEqual(await driver.read(names), []);
    });

    test("scripts of one handle that run at once do not mix (N36)", async (t) => {
      const made = await database.make(t);
      await made.open();
      const driver = await made.openDriver();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          driver.write(function* () {
            yield* insert(`${index} a`);
            if (index % 2 === 1) throw new Error("odd");
            yield* insert(`${index} b`);
          }),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 10);
      assert.equal((await driver.read(names)).length, 20);
    });

    test("a closed handle says that the state is unavailable", async (t) => {
      const made = await database.make(t);
      const state = await made.open();
      await state.close();
      await state.close();
      await refused("STATE_UNAVAILABLE", state.projects.open("shop", "production"));
    });

    test("a schema that a newer Millrace has written is left alone", async (t) => {
      const made = await database.make(t);
      await (await made.open()).close();
      await made.execute("insert into schema_migration (number, name, applied_at) values (999, 'later', 0)");
      const error = await refused("STATE_TOO_NEW", made.open());
      assert.equal(error.details["found"], 999);
      assert.equal((await made.execute("select number from schema_migration")).length, 2);
    });

    test("an upgrade that fails half-way has not happened", async (t) => {
      const made = await database.make(t);
      // In the way of a table that comes late in the migration.
      await made.execute("create table event (id text)");
      await assert.rejects(made.open());
      await made.execute("drop table event");
      const state = await made.open();
      await state.projects.open("shop", "production");
    });
  });
}
