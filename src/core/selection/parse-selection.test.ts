import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { MillraceError } from "../errors.ts";
import { attributeNames, attributes } from "./attributes.ts";
import { parseSelection } from "./parse-selection.ts";
import type { Pattern } from "./pattern.ts";
import { printSelection } from "./print-selection.ts";
import type { Levels, Selection } from "./selection-tree.ts";

const refused = (selection: string): MillraceError => {
  try {
    parseSelection(selection);
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  return assert.fail(`${selection.slice(0, 80)} was not refused`);
};

test("what is not understood is shown by its character, with what was expected there", () => {
  const term = "expected a key, an attribute such as group:name, a function such as sinks(…), or (";
  const expected: Readonly<Record<string, readonly [number, string]>> = {
    "c, ?x": [4, "a key has no «?»"],
    "c 2+?x": [5, "a key has no «?»"],
    "c.d": [2, "a key has no «.»"],
    "a🙂": [2, "a key has no «🙂»"],
    "a++b": [3, "expected a number of levels or a blank"],
    "a+b": [3, "expected a number of levels or a blank"],
    "a+1b": [3, "expected a number of levels or a blank"],
    "a+1(b)": [4, "expected a blank"],
    "c + ": [4, "expected what + belongs to, without a blank between"],
    "+ c": [2, "expected what + belongs to, without a blank between"],
    "+": [2, "expected what + belongs to, without a blank between"],
    "2+": [3, "expected what + belongs to, without a blank between"],
    "+)": [2, "expected what + belongs to, without a blank between"],
    "+not c": [2, term],
    "c and": [6, term],
    "and c": [1, term],
    "c or or d": [6, term],
    "c or, d": [5, term],
    "or c": [1, term],
    not: [4, term],
    "()": [2, term],
    "(c": [1, "the parenthesis that opens here is not closed"],
    "a sinks(c": [8, "the parenthesis that opens here is not closed"],
    "c)": [2, "expected nothing: no parenthesis is open here"],
    "+group:": [8, "group: needs what it is to be, right after the colon"],
    "tag:=x": [5, "tag: needs what it is to be, right after the colon"],
    'c "d': [3, 'the text that begins here has no closing "'],
    'key:"a\\"': [5, 'the text that begins here has no closing "'],
    "downstream(c)": [1, "there is no function downstream; there are sinks and roots"],
    "c code_location:x": [
      3,
      "there is no attribute code_location; there are key, group, tag, owner, kind, column, endpoint, status, changed",
    ],
    "kind:tabel": [6, "there is no kind tabel; there are table, value, file"],
  };
  for (const [selection, [position, reason]] of Object.entries(expected)) {
    const { code, details, place } = refused(selection);
    assert.deepEqual([code, details["position"], details["reason"]], ["SELECTION_INVALID", position, reason]);
    assert.deepEqual(place.selection, { text: selection, position });
  }
});

test("a long selection is quoted around the character that is meant", () => {
  const { message } = refused(`${"abc ".repeat(1000)}? ${"def ".repeat(1000)}`);
  assert.match(message, /^The selection «….{60}…» is not understood at character 4001: /);
});

test("a selection of a megabyte is refused at once, and so are too many terms and too deep a nesting", () => {
  const reason = (selection: string): string => String(refused(selection).details["reason"]);
  const started = performance.now();
  assert.equal(reason("a".repeat(2 ** 20)), "it has 1,048,576 characters; 65,536 are the most");
  assert.equal(reason("a ".repeat(5_001)), "it has more than 5,000 terms");
  assert.equal(reason("a* ".repeat(1_001)), "it has more than 1,000 terms with a *");
  assert.equal(reason("(".repeat(60_000)), "it is nested more than 100 deep");
  assert.equal(reason("not ".repeat(15_000)), "it is nested more than 100 deep");
  assert.equal(reason(`+sinks(`.repeat(9_000)), "it is nested more than 100 deep");
  assert.equal(reason(`"${"\\".repeat(65_000)}`), 'the text that begins here has no closing "');
  assert.equal(reason(`${"*".repeat(65_000)}?`), "a key has no «?»");
  const milliseconds = performance.now() - started;
  assert.ok(milliseconds < 500, `${milliseconds} ms`);
  parseSelection(`${"(".repeat(100)}a${")".repeat(100)}`);
});

test("a tree is frozen through and through", () => {
  const { tree } = parseSelection("not (a or b+1) and sinks(tag:x=y*)");
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  assert.ok(frozen(tree));
});

const piece = fc.oneof(
  fc.constantFrom(
    "a",
    "sales/b",
    "x-1",
    "and",
    "OR",
    "not",
    "sinks",
    "12",
    "a=b",
    'say "hi"',
    "\\",
    "a b",
    ",",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const pattern: fc.Arbitrary<Pattern> = fc
  .array(piece, { minLength: 1, maxLength: 3 })
  .map(([first = "", ...others]) => [first, ...others]);
const levels: fc.Arbitrary<Levels> = fc.oneof(fc.constant("all" as const), fc.nat(999_999_999));
const match: fc.Arbitrary<Selection> = fc
  .record({ attribute: fc.constantFrom(...attributeNames), pattern, value: fc.option(pattern) })
  .map(({ attribute, pattern, value }): Selection => {
    const { oneOf, paired } = attributes[attribute];
    const possible: Pattern = oneOf === undefined ? pattern : [oneOf[pattern[0].length % oneOf.length] ?? ""];
    const both = paired === true && value !== null ? { value } : {};
    return { op: "match", attribute, pattern: possible, ...both, at: 0 };
  });
const { tree: trees } = fc.letrec<{ tree: Selection }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    match,
    fc
      .record({
        op: fc.constantFrom("or" as const, "and" as const),
        of: fc.array(tie("tree"), { minLength: 2, maxLength: 4 }),
      })
      .map((combination): Selection => combination),
    tie("tree").map((of): Selection => ({ op: "not", of })),
    fc
      .record({ of: tie("tree"), up: fc.option(levels), down: fc.option(levels) })
      .map(({ of, up, down }): Selection =>
        up === null && down === null
          ? of
          : { op: "reach", ...(up === null ? {} : { up }), ...(down === null ? {} : { down }), of },
      ),
    fc.record({ op: fc.constantFrom("sinks" as const, "roots" as const), of: tie("tree") }),
  ),
}));

const withoutPlaces = (tree: Selection): unknown =>
  JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === "at" ? undefined : value)));

test("any tree, printed and read, is the same tree", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const text = printSelection(tree);
      assert.deepEqual(withoutPlaces(parseSelection(text).tree), withoutPlaces(tree), text);
    }),
    { numRuns: 500 },
  );
});

test("any text is read or refused with a place inside it, and never anything else", () => {
  const bits = fc.constantFrom(
    "a",
    "*",
    "+",
    "(",
    ")",
    ",",
    " ",
    "1",
    "and",
    "or",
    "not",
    ":",
    "=",
    '"',
    "\\",
  );
  const words = fc.constantFrom("key:", "tag:", "status:", "sinks(", "kind:table", "team:x", "\n", "🙂");
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(bits, words), { maxLength: 40 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const { tree } = parseSelection(text);
        const again = parseSelection(printSelection(tree)).tree;
        assert.deepEqual(withoutPlaces(again), withoutPlaces(tree), "reading and printing settle at once");
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
        assert.ok(error.code === "SELECTION_INVALID" || error.code === "SELECTION_EMPTY", error.code);
        const position = error.place.selection?.position ?? 1;
        assert.ok(position >= 1 && position <= text.length + 1, `${position} of ${text.length}`);
      }
    }),
    { numRuns: 2_000 },
  );
});
