import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import * as z from "zod";
import { RequestInvalid, type RequestMistake } from "./request-invalid.ts";
import { RequestReader, type ParsedRequest, type RawRequest, type RequestSchemas } from "./request-reader.ts";

const none = { params: undefined, query: undefined, headers: undefined, body: undefined };
const empty = { params: {}, query: {}, headers: {}, body: undefined };

async function read(schemas: Partial<RequestSchemas>, raw: Partial<RawRequest>): Promise<ParsedRequest> {
  return new RequestReader({ ...none, ...schemas }).read({ ...empty, ...raw });
}

async function mistakes(
  schemas: Partial<RequestSchemas>,
  raw: Partial<RawRequest>,
): Promise<readonly RequestMistake[]> {
  const error: unknown = await read(schemas, raw).then(
    () => assert.fail("was accepted"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RequestInvalid, String(error));
  return error.mistakes;
}

const said = (found: readonly RequestMistake[]) =>
  found.map((each) => `${each.in} ${each.path}: ${each.message}`);

test("text becomes what the schema is written for", async () => {
  const query = z.object({
    whole: z.int(),
    fraction: z.number(),
    big: z.bigint(),
    yes: z.boolean(),
    day: z.iso.date(),
    at: z.date(),
    level: z.literal([1, 2, "max"]),
    many: z.array(z.int()),
    one: z.array(z.string()),
    either: z.union([z.int(), z.literal("all")]),
    absent: z.int().optional(),
    usual: z.int().default(7),
    nothing: z.int().nullable().optional(),
    coerced: z.coerce.number<string>(),
  });
  const { query: parsed } = await read(
    { query },
    {
      query: {
        whole: "-3",
        fraction: "1.5e3",
        big: "-9223372036854775808",
        yes: "true",
        day: "2001-02-28",
        at: "2001-01-01T00:00:00+01:00",
        level: "2",
        many: ["1", "2"],
        one: "x",
        either: "all",
        coerced: "4",
      },
    },
  );
  assert.deepEqual(parsed, {
    whole: -3,
    fraction: 1500,
    big: -9223372036854775808n,
    yes: true,
    day: "2001-02-28",
    at: new Date("2000-12-31T23:00:00Z"),
    level: 2,
    many: [1, 2],
    one: ["x"],
    either: "all",
    usual: 7,
    coerced: 4,
  });
});

test("what is no number, boolean or instant is said in words, by its place", async () => {
  const query = z.object({
    a: z.int(),
    b: z.number(),
    c: z.boolean(),
    d: z.date(),
    e: z.array(z.int()),
    f: z.int(),
  });
  const raw = { a: "1.5", b: "ten", c: "yes", d: "yesterday", e: ["1", "x"], f: "" };
  assert.deepEqual(said(await mistakes({ query }, { query: raw })), [
    "query /b: expected a number",
    "query /c: expected true or false",
    "query /d: expected a date or an instant, such as 2001-01-31T12:00:00Z",
    "query /e/1: expected a whole number",
    "query /f: expected a whole number",
    "query /a: expected a whole number",
  ]);
});

test("z.coerce does not turn nonsense into numbers or booleans", async () => {
  const query = z.object({ a: z.coerce.number(), b: z.coerce.boolean(), c: z.coerce.number() });
  const found = await mistakes({ query }, { query: { a: "", b: "nope", c: "0x10" } });
  assert.deepEqual(
    found.map(({ path }) => path),
    ["/a", "/b", "/c"],
  );
});

test("infinities, hexadecimal and blanks are no numbers; too large a number is no whole one", async () => {
  for (const text of ["Infinity", "NaN", "0x10", " 1", "1 ", "1_000", "1,5", "--1", ".", "e5"]) {
    assert.equal(
      (await mistakes({ query: z.object({ n: z.number() }) }, { query: { n: text } })).length,
      1,
      text,
    );
  }
  await mistakes({ query: z.object({ n: z.int() }) }, { query: { n: "9007199254740993" } });
  await mistakes({ query: z.object({ n: z.bigint() }) }, { query: { n: "1".repeat(10_000) } });
});

test("impossible dates are refused", async () => {
  const query = z.object({ day: z.iso.date(), at: z.iso.datetime(), time: z.date() });
  const raw = { day: "2001-02-30", at: "2001-02-30T00:00:00Z", time: "2001-02-29" };
  assert.equal((await mistakes({ query }, { query: raw })).length, 3);
});

test("all mistakes of all parts come at once", async () => {
  const found = await mistakes(
    {
      params: z.object({ id: z.int() }),
      query: z.object({ from: z.iso.date(), to: z.iso.date() }),
      headers: z.object({ "X-Level": z.int() }),
      body: z.strictObject({ rows: z.array(z.object({ n: z.int() })) }),
    },
    {
      params: { id: "x" },
      query: { from: "2001-13-01", surprise: "1" },
      headers: { "x-level": "high", "user-agent": "test" },
      body: { rows: [{ n: 1 }, { n: "2" }], "a/b~c": true },
    },
  );
  assert.deepEqual(said(found), [
    "params /id: expected a whole number",
    "query /surprise: is no parameter here; there is from, to",
    "query /from: Invalid ISO date",
    "query /to: is required",
    "headers /X-Level: expected a whole number",
    "body /rows/1/n: Invalid input: expected number, received string",
    "body /a~1b~0c: is not known here",
  ]);
});

test("unknown query parameters are refused unless the schema is open, also when nothing is declared", async () => {
  assert.deepEqual(said(await mistakes({}, { query: { x: "1" } })), [
    "query /x: is no parameter here; there are none",
  ]);
  await mistakes({ query: z.strictObject({}) }, { query: { x: "1" } });
  assert.deepEqual((await read({ query: z.looseObject({}) }, { query: { x: "1" } })).query, { x: "1" });
});

test("a parameter that takes one value is not given twice", async () => {
  const found = await mistakes({ query: z.object({ a: z.string() }) }, { query: { a: ["1", "2"] } });
  assert.deepEqual(said(found), ["query /a: is given more than once"]);
});

test("headers are found whatever their case, and others are left alone", async () => {
  const { headers } = await read(
    { headers: z.object({ "X-Tenant": z.string() }) },
    { headers: { "x-tenant": "a", accept: "b" } },
  );
  assert.deepEqual(headers, { "X-Tenant": "a" });
});

test("instants and 64-bit numbers in a body come as the wire format writes them", async () => {
  const body = z.object({ at: z.date(), rows: z.array(z.object({ id: z.bigint() })) });
  const { body: parsed } = await read(
    { body },
    { body: { at: "2001-01-01T00:00:00.000Z", rows: [{ id: "9223372036854775807" }] } },
  );
  assert.deepEqual(parsed, { at: new Date("2001-01-01T00:00:00Z"), rows: [{ id: 9223372036854775807n }] });
  assert.deepEqual(said(await mistakes({ body }, { body: { at: "soon", rows: [{ id: true }] } })).length, 2);
});

test("a missing body is a mistake in the body", async () => {
  assert.deepEqual(said(await mistakes({ body: z.object({}) }, {})), ["body : is required"]);
});

test("async refinements are awaited", async () => {
  const query = z.object({ a: z.string().refine(async (text) => text === "good") });
  assert.deepEqual((await read({ query }, { query: { a: "good" } })).query, { a: "good" });
  await mistakes({ query }, { query: { a: "bad" } });
});

test("names that JavaScript gives a meaning are only names", async () => {
  const raw = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
  assert.equal((await mistakes({ query: z.object({}) }, { query: raw })).length, 2);
  const { query } = await read({ query: z.looseObject({}) }, { query: raw });
  assert.equal(Object.getPrototypeOf(query), Object.prototype);
});

test("any query at all is read or refused with mistakes", async () => {
  const query = z.object({
    a: z.int().optional(),
    b: z.boolean().optional(),
    c: z.array(z.date()).optional(),
  });
  const text = fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.oneof(fc.constantFrom("a", "b", "c"), fc.string()), text, { maxKeys: 4 }),
      async (raw) => {
        await read({ query }, { query: raw }).catch((error: unknown) =>
          assert.ok(error instanceof RequestInvalid, String(error)),
        );
      },
    ),
  );
});
