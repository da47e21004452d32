import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import * as fc from "fast-check";
import { enginePattern } from "../../../src/core/column/engine-pattern.ts";
import { sql, statement, TableWorld } from "./table-world.ts";

suite("a pattern", () => {
  let world: TableWorld;
  before(async () => {
    world = await TableWorld.open();
  });
  after(() => world[Symbol.asyncDispose]());

  const patterns = [
    /^a.b$/,
    /^a.b$/s,
    /^\s+$/,
    /\S/,
    /[\s,]+$/,
    /A/i,
    /[[:alpha:]]/,
    /[a\]b]/,
    /^(?<year>\d{4})-(?:0[1-9]|1[0-2])$/,
    /\u00e9|\x41|\u{1F600}/u,
    /[\u00e0-\u00ff]/,
    /a\/b/,
    /[\b]/,
    /\0/,
    /\$\^\(\)\{\}\[\]\|\*\+\?\\/,
    /^$/,
    /x{0,2}y/,
    /a|^b|c$/,
    /\bfoo\b/,
    /^[^a]$/,
  ];
  const texts = [
    "",
    "a",
    "b",
    "A",
    "é",
    "É",
    "😀",
    " ",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\t",
    "\v",
    "\n",
    "a\nb",
    "a\u2028b",
    "axb",
    "aéb",
    "a😀b",
    "2001-12",
    "2001-13",
    "a/b",
    "\b",
    "\0",
    "$^(){}[]|*+?\\",
    "foo bar",
    "foobar",
    "]",
    ":",
    "xxxy",
    ", ",
  ];
  // Without the u flag JavaScript matches halves of such characters; the page of the wire format says so.
  const byUnit = (pattern: RegExp, text: string): boolean =>
    !pattern.unicode && /[\u{10000}-\u{10ffff}]/u.test(text);

  for (const pattern of patterns) {
    test(`${String(pattern)} means in the engine what it means in JavaScript`, async () => {
      const source = enginePattern(pattern) ?? assert.fail();
      const check = async (candidates: readonly string[]): Promise<void> => {
        const used = candidates.filter((candidate) => !byUnit(pattern, candidate));
        const rows = await world.engine.rows({
          statement: statement(
            sql`select [regexp_matches(t, ${source}) for t in ${used}::varchar[]] as found`,
          ),
        });
        assert.deepEqual(
          rows[0]?.["found"],
          used.map((candidate) => pattern.test(candidate)),
          JSON.stringify(used),
        );
      };
      await check(texts);
      const text = fc.string({ unit: fc.constantFrom(...texts, "1", "-", "0") });
      await fc.assert(fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 30 }), check), {
        numRuns: 30,
      });
    });
  }
});
