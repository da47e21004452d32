import assert from "node:assert/strict";
import { test } from "node:test";
import { asset, defineProject, endpoint, resource, sql } from "millrace";
import * as z from "zod";
import { processLogger } from "../../../src/app/process-log.ts";
import { Redactor } from "../../../src/core/config/redactor.ts";
import { ServingWorld } from "./serving-world.ts";

const numbers = asset("numbers", { columns: z.object({ n: z.int() }), sql: sql`select 1 as n` });
const N = z.array(z.object({ n: z.int() }));

interface Notes {
  readonly said: string[];
  /** Makes it fail. */
  down: boolean;
}

/** A project whose endpoints work with a resource that gives the lowest number to be told. */
function projectOf(notes: Notes) {
  const limits = resource("limits", {
    create: async (_, { defer }) => {
      notes.said.push("+limits");
      if (notes.down) throw new Error("connection refused at 10.0.0.7");
      defer(() => void notes.said.push("-limits"));
      return { lowest: 2 };
    },
  });
  const inSql = endpoint("GET /sql", {
    reads: { numbers },
    resources: { limits },
    returns: N,
    handler: (given) => {
      notes.said.push("sql");
      return sql`select * from ${given.numbers} where n >= ${given.limits.lowest} order by n`;
    },
  });
  const vouched = endpoint("GET /vouched", {
    reads: { numbers },
    resources: { limits },
    returns: N,
    cache: "vouched",
    handler: ({ numbers: table, limits: { lowest } }) => {
      notes.said.push("vouched");
      return sql`select * from ${table} where n >= ${lowest} order by n`;
    },
  });
  const computed = endpoint("GET /computed", {
    resources: { limits },
    handler: async (given) => given.limits,
  });
  const without = endpoint("GET /without", {
    reads: { numbers },
    returns: N,
    handler: (given) => sql`from ${given.numbers}`,
  });
  return defineProject({ name: "served", definitions: [{ numbers, inSql, vouched, computed, without }] });
}

const rows = [1, 2, 3].map((n) => ({ n }));

test("a handler gets instances beside what it reads: one for the server, gone when it has stopped", async () => {
  const notes: Notes = { said: [], down: false };
  {
    await using world = await ServingWorld.open(projectOf(notes));
    await world.publish({ asset: numbers, rows });
    const answers = await Promise.all(
      ["sql", "vouched", "computed"].map((path) => world.app.inject(`/api/${path}`)),
    );
    assert.deepEqual(
      answers.map((answer) => answer.json<unknown>()),
      [[{ n: 2 }, { n: 3 }], [{ n: 2 }, { n: 3 }], { lowest: 2 }],
    );
    assert.deepEqual(notes.said.toSorted(), ["+limits", "sql", "vouched"]);
  }
  assert.equal(notes.said.at(-1), "-limits");
});

test("a handler that works with a resource is called before a 304, unless its author vouches for it (N27)", async () => {
  const notes: Notes = { said: [], down: false };
  await using world = await ServingWorld.open(projectOf(notes));
  await world.publish({ asset: numbers, rows });
  const ask = async (path: string, tag = "") => {
    const answer = await world.app.inject({ url: `/api/${path}`, headers: { "if-none-match": tag } });
    return { status: answer.statusCode, tag: String(answer.headers["etag"]) };
  };
  const first = await ask("sql");
  assert.match(first.tag, /^"b-/, "a tag of the bytes: of what else it is a function is not known");
  assert.equal((await ask("sql", first.tag)).status, 304);
  assert.deepEqual(notes.said, ["+limits", "sql", "sql"]);
  notes.said.length = 0;
  const told = await ask("vouched");
  assert.match(told.tag, /^"d-/);
  assert.equal((await ask("vouched", told.tag)).status, 304);
  assert.deepEqual(notes.said, ["vouched"]);
  const plain = await ask("without");
  assert.match(plain.tag, /^"d-/, "beside it, a handler without resources keeps its exact tag");
});

test("a server is ready once its resources are there; until then it names the one that is not, and no handler runs", async () => {
  const notes: Notes = { said: [], down: true };
  await using world = await ServingWorld.open(projectOf(notes));
  await world.publish({ asset: numbers, rows });
  const ready = async () => {
    const answer = await world.app.inject("/readyz");
    return {
      status: answer.statusCode,
      ...answer.json<{ broken: { endpoint: string; reason: string; code: string }[] }>(),
    };
  };
  const before = await ready();
  assert.equal(before.status, 503);
  assert.deepEqual(
    before.broken,
    ["GET /sql", "GET /vouched", "GET /computed"].map((route) => ({
      endpoint: route,
      reason: "its resource limits cannot be used; the server's log has the details",
      code: "RESOURCE_FAILED",
    })),
  );
  assert.match(JSON.stringify(world.lines), /connection refused at 10\.0\.0\.7/);
  const refused = await world.app.inject("/api/sql");
  assert.equal(refused.statusCode, 503);
  assert.equal(refused.json<{ code: string }>().code, "RESOURCE_FAILED");
  assert.doesNotMatch(refused.payload, /10\.0\.0\.7/);
  assert.ok(!notes.said.includes("sql"));
  notes.down = false;
  const after = await ready();
  assert.deepEqual([after.status, after.broken], [200, []]);
  assert.equal((await world.app.inject("/api/sql")).statusCode, 200);
});

test("a request waits for a resource no longer than it may take, and a server that ends does not wait for it at all", async () => {
  let told = false;
  let begun = Promise.withResolvers<void>();
  const slow = resource("slow", {
    create: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        begun.resolve();
        signal.addEventListener("abort", () => {
          told = true;
          reject(new Error("stopped"));
        });
      }),
  });
  const waits = endpoint("GET /waits", { resources: { slow }, timeLimit: "50ms", handler: () => 1 });
  {
    await using world = await ServingWorld.open(defineProject({ name: "slow", definitions: [{ waits }] }));
    const answer = await world.app.inject("/api/waits");
    assert.equal(answer.json<{ code: string }>().code, "QUERY_TIMED_OUT");
    assert.equal(told, true);
    told = false;
    begun = Promise.withResolvers();
    await world.app.listen({ host: "127.0.0.1", port: 0 });
    await begun.promise;
  }
  assert.equal(told, true);
});

test("what a resource is told in secret stands in no problem document, no readiness report and no log line", async () => {
  const token = "hunter2-hunter2";
  const redactor = new Redactor([token]);
  const leaky = resource("leaky", {
    create: () => {
      throw new Error(`401 for ${token}`);
    },
  });
  const asks = endpoint("GET /asks", { resources: { leaky }, handler: () => 1 });
  const lines: string[] = [];
  await using world = await ServingWorld.open(
    defineProject({ name: "leaky", definitions: [{ asks }] }),
    () => ({
      redactor,
      exposeFailures: true,
      log: processLogger(redactor, { write: (line) => void lines.push(line) }),
    }),
  );
  const answers = [await world.app.inject("/api/asks"), await world.app.inject("/readyz")];
  for (const text of [...answers.map(({ payload }) => payload), lines.join("")]) {
    assert.match(text, /401 for \*\*\*/);
    assert.doesNotMatch(text, /hunter2/);
  }
});
