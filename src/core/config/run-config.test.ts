import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { runConfigJsonSchema } from "./config-json-schema.ts";
import { redactedConfig, secretsIn } from "./config-secrets.ts";
import { parseRunConfig, type ConfigTaker, type ConfigTakers, type ParsedRunConfig } from "./run-config.ts";
import { secret } from "./secret.ts";

const needed = (schema?: z.ZodObject): ConfigTaker => ({ needed: true, ...(schema && { schema }) });
const takers: ConfigTakers = {
  job: needed(z.object({ pages: z.int().default(10) })),
  ops: new Map([["fetch_page", needed(z.object({ size: z.int().default(5) }))]]),
  assets: new Map([
    ["flights", needed()],
    ["sales/daily", needed(z.object({ since: z.string().default("2001"), token: secret().optional() }))],
    ["other", { schema: z.object({ required: z.int() }), needed: false }],
  ]),
  resources: new Map([["warehouse", needed(z.object({ url: z.string(), password: secret() }))]]),
};
const warehouse = { url: "db", password: { $env: "PASSWORD" } };
const variables = { PASSWORD: "correct horse" };

function read(document: unknown, given = variables): ParsedRunConfig {
  const result = parseRunConfig(takers, document, given);
  if (!result.ok) assert.fail(result.problems.map(({ message }) => message).join("; "));
  return result.value;
}

test("every part gets its own, with defaults for those that are given nothing", () => {
  const config = read({ config: { pages: 2 }, resources: { warehouse } });
  assert.deepEqual(config.config.value, { pages: 2 });
  assert.deepEqual(config.ops.get("fetch_page")?.value, { size: 5 });
  assert.deepEqual(config.assets.get("sales/daily")?.value, { since: "2001" });
  assert.deepEqual(config.resources.get("warehouse")?.value, { url: "db", password: "correct horse" });
  assert.equal(config.assets.has("other"), false, "what the run does not have is not required");
});

test("names that nobody has, missing variables and values that do not fit are told together", () => {
  const result = parseRunConfig(
    takers,
    {
      confg: {},
      config: { pages: "x" },
      ops: { fetch_pgae: {} },
      assets: { flights: { a: 1 }, flihgts: {}, other: {} },
      resources: { warehouse: { url: { $env: "URL" }, password: { $env: "PASSWORD" } } },
    },
    {},
  );
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map(({ message, suggestions }) => [message, ...suggestions]),
    [
      ["confg: no such part; there is config, ops, assets, resources", "config"],
      ["config.pages: invalid input: expected number, received string"],
      ["ops.fetch_pgae: no such op; there is fetch_page", "fetch_page"],
      ["assets.flihgts: no such asset; there is flights, sales/daily, other", "flights"],
      ["assets.flights: it takes no config"],
      ["assets.other.required: it is required"],
      ["resources.warehouse.url: the environment variable URL is not set"],
      ["resources.warehouse.password: the environment variable PASSWORD is not set"],
    ],
  );
});

test("what is no document is a mistake, not a crash", () => {
  for (const document of ["x", 1, [], true, { assets: "x" }, { ops: [] }, { config: null }])
    assert.equal(parseRunConfig(takers, document, {}).ok, false, JSON.stringify(document));
});

test("what is kept names variables and no secret; what is written out is replaced", () => {
  const config = read({
    resources: { warehouse },
    assets: { "sales/daily": { token: "written-out-token", since: { $env: "PASSWORD" } } },
  });
  assert.deepEqual(config.stored, {
    resources: { warehouse },
    assets: { "sales/daily": { token: "***", since: { $env: "PASSWORD" } } },
  });
  assert.deepEqual(new Set(config.secrets), new Set(["correct horse", "written-out-token"]));
  assert.doesNotMatch(config.identity.replace('"since":"correct horse"', ""), /correct horse|written-out/);
});

test("equal work has an equal identity: secrets and the order of members do not count, other values do", () => {
  const identity = (since: string, token: string): string =>
    read({ assets: { "sales/daily": { since, token } }, resources: { warehouse } }).identity;
  assert.equal(identity("2001", "one-secret"), identity("2001", "two-secret"));
  assert.notEqual(identity("2001", "one-secret"), identity("2002", "one-secret"));
  const reversed = { resources: { warehouse: { password: warehouse.password, url: "db" } } };
  assert.equal(read(reversed).identity, read({ resources: { warehouse } }).identity);
});

test("of one part, what is left to its default means the same as the default written out", () => {
  const [left, written, other] = [{}, { since: "2001" }, { since: "2002" }].map(
    (given) =>
      read({ assets: { "sales/daily": given }, resources: { warehouse } }).assets.get("sales/daily")
        ?.identity,
  );
  assert.equal(left, written);
  assert.notEqual(left, other);
});

test("secrets are found wherever a schema has them", () => {
  const schema = z.object({
    plain: secret(),
    short: secret().min(2).describe("with rules"),
    optional: secret().optional(),
    nullable: secret().nullable(),
    fallback: secret().default("the-default"),
    list: z.array(secret()),
    pair: z.tuple([z.string(), secret()]),
    byName: z.record(z.string(), z.object({ key: secret() })),
    either: z.union([z.int(), z.object({ key: secret() })]),
    both: z.intersection(z.object({ a: z.string() }), z.object({ b: secret() })),
    made: secret().transform((text) => text.length),
    from: z.preprocess((value) => value, z.object({ key: secret() })),
    open: z.string(),
  });
  const config = {
    plain: "s-plain",
    short: "s-short",
    optional: "s-optional",
    nullable: "s-nullable",
    fallback: "s-fallback",
    list: ["s-list0", "s-list1"],
    pair: ["open", "s-pair"],
    byName: { x: { key: "s-record" } },
    either: { key: "s-union" },
    both: { a: "open", b: "s-both" },
    made: "s-made",
    from: { key: "s-from" },
    open: "open",
  };
  const found = secretsIn(schema, config);
  assert.equal(found.length, 13);
  assert.ok(found.every((text) => text.startsWith("s-")));
  const redacted = JSON.stringify(redactedConfig(schema, config));
  assert.doesNotMatch(redacted, /s-/);
  assert.equal(redacted.match(/\*\*\*/g)?.length, 13);
  assert.equal(redacted.match(/open"/g)?.length, 4);
});

test("the JSON Schema of a document says what may be written, and which texts are secret", () => {
  assert.deepEqual(runConfigJsonSchema(takers), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          pages: {
            default: 10,
            type: "integer",
            minimum: Number.MIN_SAFE_INTEGER,
            maximum: Number.MAX_SAFE_INTEGER,
          },
        },
        additionalProperties: false,
      },
      ops: {
        type: "object",
        properties: {
          fetch_page: {
            type: "object",
            properties: {
              size: {
                default: 5,
                type: "integer",
                minimum: Number.MIN_SAFE_INTEGER,
                maximum: Number.MAX_SAFE_INTEGER,
              },
            },
            additionalProperties: false,
          },
        },
        additionalProperties: false,
      },
      assets: {
        type: "object",
        properties: {
          "sales/daily": {
            type: "object",
            properties: {
              since: { default: "2001", type: "string" },
              token: { type: "string", writeOnly: true, format: "password" },
            },
            additionalProperties: false,
          },
          other: {
            type: "object",
            properties: {
              required: {
                type: "integer",
                minimum: Number.MIN_SAFE_INTEGER,
                maximum: Number.MAX_SAFE_INTEGER,
              },
            },
            required: ["required"],
            additionalProperties: false,
          },
        },
        additionalProperties: false,
      },
      resources: {
        type: "object",
        properties: {
          warehouse: {
            type: "object",
            properties: {
              url: { type: "string" },
              password: { type: "string", writeOnly: true, format: "password" },
            },
            required: ["url", "password"],
            additionalProperties: false,
          },
        },
        required: ["warehouse"],
        additionalProperties: false,
      },
    },
    required: ["resources"],
    additionalProperties: false,
  });
});
