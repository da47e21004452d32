import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asset } from "millrace";
import * as z from "zod";
import { openReading } from "../../../src/app/open-reading.ts";
import { readHandle } from "../../../src/testing/read-handle.ts";
import type { DatabaseUnderTest } from "../state/database-under-test.ts";
import { openProcesses } from "../whole-asset-checks/processes.ts";

/** A text whose JSON, with its quotes, has so many bytes. */
const letters = (bytes: number): string => "x".repeat(bytes - 2);
/** Characters of two bytes each: half as many letters, as many bytes. */
const accented = (bytes: number): string => "é".repeat(Math.floor((bytes - 2) / 2)) + "x".repeat(bytes % 2);

export function inlineValues(database: DatabaseUnderTest): void {
  suite(`values in ${database.name}`, () => {
    test("of 64 KiB as JSON lie in state, one byte more lies in the store, and both come back equal (N7)", async (t) => {
      const limit = 65_536;
      const contents: Readonly<Record<string, string>> = {
        empty: "",
        at: letters(limit),
        above: letters(limit + 1),
        at_in_bytes: accented(limit),
        above_in_bytes: accented(limit + 1),
        far_above: letters(1_000_000),
      };
      const values = Object.fromEntries(
        Object.entries(contents).map(([key, content]) => [
          key,
          asset(key, { value: z.string(), codeVersion: "1", run: () => content }),
        ]),
      );
      const [process] = await openProcesses(t, database, values);
      assert.ok(process);
      const { outcome } = await process.materialize({});
      assert.equal(outcome?.status, "success");
      const { state, scope, known, graph } = process.open.context;
      const reading = await openReading(process.open);
      t.after(() => reading.close());
      const { number } = await state.catalog.head(scope);
      const places: Record<string, string> = {};
      for (const [key, content] of Object.entries(contents)) {
        const [current] = await state.catalog.current(scope, number, [known.get(key)?.assetId ?? 0]);
        const { location, bytes } = current?.version ?? {};
        assert.ok(location !== undefined);
        places[key] = "inline" in location ? "state" : "store";
        if ("inline" in location) assert.equal(location.inline, JSON.stringify(content));
        assert.equal(bytes, Buffer.byteLength(JSON.stringify(content)));
        const definition = graph.byKey.get(key);
        assert.ok(definition !== undefined);
        const handle = await readHandle(definition, { open: process.open, reading });
        assert.equal(await (handle as { get(): Promise<unknown> }).get(), content);
      }
      assert.deepEqual(places, {
        empty: "state",
        at: "state",
        above: "store",
        at_in_bytes: "state",
        above_in_bytes: "store",
        far_above: "store",
      });
    });
  });
}
