import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { noneMatchNames, parseIfNoneMatch } from "./if-none-match.ts";

const tag = fc
  .string({
    unit: fc
      .integer({ min: 0x21, max: 0x7e })
      .filter((code) => code !== 0x22)
      .map((code) => String.fromCharCode(code)),
  })
  .map((text) => `"${text}"`);

test("every tag of a list is found, weak or not, also with commas inside", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ tag, weak: fc.boolean() }), { minLength: 1 }), (tags) => {
      const header = tags.map(({ tag, weak }) => (weak ? `W/${tag}` : tag)).join(" , ");
      assert.deepEqual(
        parseIfNoneMatch(header),
        tags.map((each) => each.tag),
      );
      for (const each of tags) assert.ok(noneMatchNames(header, each.tag));
    }),
  );
});

test("a tag that is not in the list is not found", () => {
  fc.assert(
    fc.property(fc.array(tag), tag, (tags, other) => {
      fc.pre(!tags.includes(other));
      assert.equal(noneMatchNames(tags.join(","), other), false);
    }),
  );
});

test("a part of a tag, an unquoted tag and another case are no match", () => {
  for (const header of ['"abcd"', "abc", "'abc'", '"ABC"', 'w/"abc"', '"abc', 'abc"']) {
    assert.equal(noneMatchNames(header, '"abc"'), false, header);
  }
});

test("empty elements are passed over", () => {
  assert.deepEqual(parseIfNoneMatch(' , "a",, W/"b" ,'), ['"a"', '"b"']);
});

test("the star is read as itself, and names no tag", () => {
  assert.equal(parseIfNoneMatch(" * "), "*");
  assert.equal(noneMatchNames("*", '"a"'), false);
  assert.equal(noneMatchNames(undefined, '"a"'), false);
});

test("of a broken list nothing is believed, and any text is read", () => {
  assert.deepEqual(parseIfNoneMatch('"a", b, "c"'), []);
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => void parseIfNoneMatch(header)));
});
