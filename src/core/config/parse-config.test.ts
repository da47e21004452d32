import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { configInvalid } from "./config-mistakes.ts";
import { parseConfig, type ParsedConfig } from "./parse-config.ts";
import { secret } from "./secret.ts";

const schema = z.object({
  pages: z.int().min(1).default(10),
  mode: z.enum(["fast", "slow"]),
  source: z.object({ url: z.url(), headers: z.record(z.string(), z.string()).optional() }),
});

function problemsOf(parsed: ParsedConfig): readonly (readonly [string | undefined, string])[] {
  assert.ok(!parsed.ok, "the config was taken");
  return parsed.problems.map(({ place, message }) => [place.field, message]);
}

test("defaults are put in, also where nothing is given at all", () => {
  const given = { mode: "fast", source: { url: "https://a.example" } };
  assert.deepEqual(parseConfig(schema, given, "config"), { ok: true, value: { pages: 10, ...given } });
  const lenient = z.object({ pages: z.int().default(10) });
  assert.deepEqual(parseConfig(lenient, undefined, "config"), { ok: true, value: { pages: 10 } });
});

test("all mistakes are told at once, each with its path", () => {
  const given = { pages: 0, mode: "fats", source: { ulr: "x" }, nodes: 1 };
  assert.deepEqual(problemsOf(parseConfig(schema, given, "assets.sales/daily")), [
    ["assets.sales/daily.source.ulr", "assets.sales/daily.source.ulr: no such option; there is url, headers"],
    ["assets.sales/daily.nodes", "assets.sales/daily.nodes: no such option; there is pages, mode, source"],
    ["assets.sales/daily.pages", "assets.sales/daily.pages: too small: expected number to be >=1"],
    ["assets.sales/daily.mode", 'assets.sales/daily.mode: invalid option: expected one of "fast"|"slow"'],
    ["assets.sales/daily.source.url", "assets.sales/daily.source.url: it is required"],
  ]);
});

test("one error names them all, with what may have been meant", () => {
  const parsed = parseConfig(schema, { mode: "fast", sourse: {}, pages: "2" }, "config");
  assert.ok(!parsed.ok);
  const error = configInvalid(parsed.problems);
  assert.equal(error.code, "CONFIG_INVALID");
  assert.equal(
    error.message,
    `The config has 3 mistakes:
- config.sourse: no such option; there is pages, mode, source (did you mean source?)
- config.pages: invalid input: expected number, received string
- config.source: it is required`,
  );
  assert.deepEqual(error.problems[0]?.suggestions, ["source"]);
});

test("what takes no config says so, and takes an empty one", () => {
  assert.deepEqual(parseConfig(undefined, undefined, "assets.a"), { ok: true, value: {} });
  assert.deepEqual(parseConfig(undefined, {}, "assets.a"), { ok: true, value: {} });
  assert.deepEqual(problemsOf(parseConfig(undefined, { a: 1 }, "assets.a")), [
    ["assets.a", "assets.a: it takes no config"],
  ]);
});

test("what is no object is a mistake, not a crash", () => {
  for (const given of [null, 1, "x", [], true, Number.NaN])
    assert.equal(problemsOf(parseConfig(schema, given, "config"))[0]?.[0], "config");
});

test("members are unknown at any depth, except where a schema takes any", () => {
  const nested = z.object({
    list: z.array(z.object({ a: z.int() })).optional(),
    pair: z.tuple([z.object({ a: z.int() })]).optional(),
    any: z.record(z.string(), z.object({ a: z.int() })).optional(),
    open: z.looseObject({ a: z.int() }).optional(),
    strict: z.strictObject({ a: z.int() }).optional(),
    both: z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })).optional(),
    either: z
      .discriminatedUnion("kind", [
        z.object({ kind: z.literal("x"), a: z.int() }),
        z.object({ kind: z.literal("y"), b: z.int() }),
      ])
      .optional(),
  });
  const taken = [
    { list: [{ a: 1 }], pair: [{ a: 1 }], any: { some: { a: 1 } } },
    { open: { a: 1, other: 2 }, strict: { a: 1 }, both: { a: 1, b: 2 } },
    { either: { kind: "y", b: 1 } },
  ];
  for (const given of taken)
    assert.deepEqual(parseConfig(nested, given, "config"), { ok: true, value: given });
  const refused = {
    list: [{ a: 1 }, { a: 1, q: 2 }],
    pair: [{ a: 1, q: 2 }],
    any: { some: { a: 1, q: 2 } },
    strict: { a: 1, q: 2 },
    both: { a: 1, b: 2, q: 3 },
    either: { kind: "y", b: 1, a: 1 },
  };
  assert.deepEqual(
    problemsOf(parseConfig(nested, refused, "config")).map(([field]) => field),
    [
      "config.list[1].q",
      "config.pair[0].q",
      "config.any.some.q",
      "config.strict.q",
      "config.both.q",
      "config.either.a",
    ],
  );
});

test("a recursive schema is looked through", () => {
  const tree = z.object({
    name: z.string(),
    get below() {
      return z.array(tree).optional();
    },
  });
  const given = { name: "a", below: [{ name: "b", below: [{ name: "c" }] }] };
  assert.deepEqual(parseConfig(tree, given, "config"), { ok: true, value: given });
  const wrong = { name: "a", below: [{ name: "b", below: [{ nam: "c", name: "c" }] }] };
  assert.deepEqual(
    problemsOf(parseConfig(tree, wrong, "config")).map(([field]) => field),
    ["config.below[0].below[0].nam"],
  );
});

test("a member named __proto__ is a mistake like any other and changes nothing", () => {
  const given: unknown = JSON.parse(
    '{"mode":"fast","source":{"url":"https://a.example"},"__proto__":{"x":1}}',
  );
  assert.deepEqual(
    problemsOf(parseConfig(schema, given, "config")).map(([field]) => field),
    ["config.__proto__"],
  );
  assert.equal(Reflect.get({}, "x"), undefined);
});

test("variables are put in, as numbers and booleans where the schema takes no text", () => {
  const typed = z.object({ port: z.int(), on: z.boolean(), name: z.string(), list: z.array(z.number()) });
  const env = (name: string) => ({ $env: name });
  const given = { port: env("PORT"), on: env("ON"), name: env("NAME"), list: [env("PORT"), 1] };
  const variables = { PORT: "8080", ON: "false", NAME: "0042" };
  assert.deepEqual(parseConfig(typed, given, "config", variables), {
    ok: true,
    value: { port: 8_080, on: false, name: "0042", list: [8_080, 1] },
  });
  const wrong = problemsOf(parseConfig(typed, given, "config", { ...variables, PORT: "many" }));
  assert.deepEqual(
    wrong.map(([field]) => field),
    ["config.port", "config.list[0]"],
  );
});

test("every missing variable is named, and nothing else is said of its field", () => {
  const typed = z.object({ port: z.int(), token: secret(), source: z.object({ url: z.url() }) });
  const given = { port: { $env: "PORT" }, token: { $env: "TOKEN" }, source: { $env: "toString" }, more: 1 };
  assert.deepEqual(problemsOf(parseConfig(typed, given, "config", {})), [
    ["config.port", "config.port: the environment variable PORT is not set"],
    ["config.token", "config.token: the environment variable TOKEN is not set"],
    ["config.source", "config.source: the environment variable toString is not set"],
    ["config.more", "config.more: no such option; there is port, token, source"],
  ]);
});

test("no mistake tells a secret, even where the author's own rule does", () => {
  const typed = z.object({
    token: secret().refine((text) => text === "x", { error: ({ input }) => `${String(input)} is not x` }),
    pin: secret(),
  });
  const problems = problemsOf(parseConfig(typed, { token: "hunter2-hunter2", pin: 48_151_623 }, "config"));
  assert.deepEqual(problems[0], ["config.token", "config.token: *** is not x"]);
  assert.doesNotMatch(JSON.stringify(problems), /48151623/);
});

test("a schema that throws or is asynchronous is told as a mistake", () => {
  const throwing = z.object({
    a: z.string().transform(() => {
      throw new Error("no luck");
    }),
  });
  assert.deepEqual(problemsOf(parseConfig(throwing, { a: "x" }, "config")), [
    ["config", "config: its schema failed: no luck"],
  ]);
  const slow = z.object({ a: z.string().refine(async () => true) });
  assert.deepEqual(problemsOf(parseConfig(slow, { a: "x" }, "config")), [
    ["config", "config: its schema has an asynchronous rule, which a config cannot have"],
  ]);
});
