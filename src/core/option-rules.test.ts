import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import * as mini from "zod/mini";
import {
  fittingOptions,
  flag,
  objectSchema,
  oneOf,
  schema,
  text,
  texts,
  type OptionRules,
} from "./option-rules.ts";

const rules: OptionRules = { title: text, open: flag, names: texts, how: oneOf("fast", "safe") };

function fitting(options: unknown, by: OptionRules = rules): { fits: object; reasons: string[] } {
  const reasons: string[] = [];
  return { fits: fittingOptions(options, by, (reason) => reasons.push(reason)), reasons };
}

test("options that fit stay what they are", () => {
  const options = { title: "a", open: false, names: ["x"], how: "safe" };
  const { fits, reasons } = fitting(options);
  assert.equal(fits, options);
  assert.deepEqual(reasons, []);
});

test("an option that is undefined was not given", () => {
  assert.deepEqual(fitting({ title: undefined }).reasons, []);
});

test("what is of another type is told with what is wanted, and not gone on with", () => {
  const { fits, reasons } = fitting({ title: 3, open: "no", names: "x", how: "quick" });
  assert.deepEqual(reasons, [
    "title must be a text",
    "open must be true or false",
    "names must be a list of texts",
    'how must be "fast" or "safe"',
  ]);
  assert.deepEqual(fits, {});
  assert.deepEqual(fitting({ names: ["x", 3], title: "a" }).fits, { title: "a" });
});

test("an option that there is not is told with those that there are", () => {
  const { fits, reasons } = fitting({ titel: "a", open: true });
  assert.deepEqual(reasons, ["there is no option titel; there are title, open, names, how"]);
  assert.deepEqual(fits, { open: true });
  assert.deepEqual(fitting(Object.fromEntries([["__proto__", 3]])).reasons, [
    "there is no option __proto__; there are title, open, names, how",
  ]);
  assert.deepEqual(fitting({ toString: 3 }).reasons, [
    "there is no option toString; there are title, open, names, how",
  ]);
});

test("without options none can be gone on with", () => {
  for (const none of [undefined, null, "GET", 3, ["title"], () => 1]) {
    assert.deepEqual(fitting(none), { fits: {}, reasons: ["its options are missing"] });
  }
});

test("a schema is what zod makes, an object's what z.object makes", () => {
  const by = { value: schema, columns: objectSchema };
  const row = { n: z.int() };
  assert.deepEqual(fitting({ value: z.int(), columns: z.object(row) }, by).reasons, []);
  assert.deepEqual(
    fitting({ value: mini.string(), columns: mini.object({ n: mini.int() }) }, by).reasons,
    [],
  );
  const wanted = ["value must be a zod schema", "columns must be z.object({ … })"];
  assert.deepEqual(fitting({ value: row, columns: row }, by).reasons, wanted);
  assert.deepEqual(fitting({ value: [z.int()], columns: z.array(z.object(row)) }, by).reasons, wanted);
});
