import assert from "node:assert/strict";
import { test } from "node:test";
import * as z from "zod";
import { configFields } from "./config-fields.ts";
import { runConfigJsonSchema } from "./config-json-schema.ts";
import { secret } from "./secret.ts";

test("the values of a config are told one by one, by the paths that --set takes", () => {
  const schema = z.object({
    pages: z.int().default(3).describe("How many"),
    mode: z.enum(["fast", "slow"]),
    token: secret().optional(),
    tags: z.array(z.string()).optional(),
    source: z.object({ url: z.url(), retries: z.union([z.int(), z.null()]).optional() }),
    limits: z.object({ rows: z.int() }).optional(),
  });
  const fetch = z.object({ base: z.string() });
  const document = runConfigJsonSchema({
    job: { schema, needed: true },
    ops: new Map([["page.fetch", { schema: fetch, needed: true }]]),
  });
  assert.deepEqual(configFields(document), [
    { path: "config.pages", type: "integer", required: false, default: 3, description: "How many" },
    { path: "config.mode", type: '"fast" | "slow"', required: true },
    { path: "config.token", type: "secret", required: false },
    { path: "config.tags", type: "list of string", required: false },
    { path: "config.source.url", type: "string (uri)", required: true },
    { path: "config.source.retries", type: "integer | null", required: false },
    { path: "config.limits.rows", type: "integer", required: false },
    { path: 'ops["page.fetch"].base', type: "string", required: true },
  ]);
  assert.deepEqual(configFields(runConfigJsonSchema({})), []);
});
