import { asset, defineProject, endpoint, problem, reply, sql } from "millrace";
import * as z from "zod";

/** Endpoints whose handlers do all that handlers may do, and some that they may not. */
export const numbers = asset("numbers", { columns: z.object({ n: z.int() }), sql: sql`select 1` });
export const label = asset("label", { value: z.object({ text: z.string() }), run: () => ({ text: "x" }) });
const Row = z.object({ n: z.int() });

/** What the tests look at: how often handlers ran, and what they saw. */
export const seen = { calls: 0, aborted: 0, clock: 1 };

export const sum = endpoint("GET /sum", {
  reads: { numbers },
  returns: z.object({ total: z.int() }),
  handler: async ({ numbers }) => {
    seen.calls += 1;
    const rows = await numbers.rows();
    return { total: rows.reduce((total, { n }) => total + n, 0) };
  },
});
export const vouchedSum = endpoint("GET /vouched-sum", {
  reads: { numbers },
  cache: "vouched",
  returns: z.object({ total: z.int() }),
  handler: async ({ numbers }) => {
    seen.calls += 1;
    const rows = await numbers.rows();
    return { total: rows.reduce((total, { n }) => total + n, 0) };
  },
});
export const volatileSql = endpoint("GET /volatile", {
  reads: { numbers },
  returns: z.array(z.object({ n: z.int(), at: z.iso.datetime() })),
  handler: ({ numbers }) => sql`select n, now() as at from ${numbers} limit 1`,
});
export const clockInParameter = endpoint("GET /clocked", {
  reads: { numbers },
  returns: z.array(z.object({ n: z.int() })),
  handler: ({ numbers }) => sql`select n from ${numbers} where n <= ${seen.clock} order by n`,
});
export const asyncSql = endpoint("GET /async-sql", {
  reads: { numbers },
  returns: z.array(Row),
  handler: async ({ numbers }) => sql`select n from ${numbers} order by n`,
});
export const computedList = endpoint("GET /computed", {
  returns: z.array(z.object({ name: z.string(), big: z.bigint().nullable(), at: z.date() })),
  handler: () => [
    { name: 'a "b"', big: 2n ** 60n, at: new Date("2001-01-01T00:00:00Z") },
    { name: "", big: null, at: new Date(0) },
  ],
});
export const untyped = endpoint("GET /untyped", {
  reads: { numbers },
  handler: ({ numbers }) => sql`select n, n * 1.5 as more from ${numbers} order by n limit 2`,
});
export const wrongValue = endpoint("GET /wrong-value", {
  returns: z.object({ rows: z.array(z.object({ n: z.int() })) }),
  handler: () => ({ rows: [{ n: 1 }, { n: 1.5 }] }),
});
export const wrongColumns = endpoint("GET /wrong-columns", {
  reads: { numbers },
  returns: z.array(z.object({ n: z.int(), missing: z.string() })),
  handler: ({ numbers }) => sql`select n from ${numbers}`,
});
export const throwing = endpoint("GET /throwing", {
  handler: () => {
    throw new Error("the password is hunter2");
  },
});
export const throwingLater = endpoint("GET /throwing-later", {
  handler: async () => {
    throw new Error("the password is hunter2");
  },
});
export const teapot = endpoint("GET /teapot", {
  handler: () => {
    throw problem(418, "I'm a teapot", { kind: "short and stout" });
  },
});
export const created = endpoint("POST /things", {
  body: z.object({ name: z.string() }),
  returns: z.object({ name: z.string() }),
  handler: (_, { body }) => reply(201, { name: body.name.toUpperCase() }, { location: "/api/things/1" }),
});
export const gone = endpoint("DELETE /things/:id", { handler: () => reply(204, undefined) });
export const plainText = endpoint("GET /text", {
  handler: () => reply(200, "hello", { "content-type": "text/plain" }),
});
export const context = endpoint("GET /context/:id", {
  query: z.object({ q: z.string() }),
  headers: z.object({ "x-level": z.int() }),
  handler: (_, { params, query, headers, url, signal, log }) => {
    log.info("was called", { level: headers["x-level"] });
    return {
      id: params.id,
      q: query.q,
      level: headers["x-level"],
      path: url.pathname,
      aborted: signal.aborted,
    };
  },
});
export const labelled = endpoint("GET /label", {
  reads: { label },
  returns: z.object({ text: z.string() }),
  handler: async ({ label }) => label.get(),
});
export const slowSql = endpoint("GET /slow", {
  reads: { numbers },
  timeLimit: "20s",
  returns: z.array(z.object({ n: z.int() })),
  handler: ({ numbers }) =>
    sql`select count(*) as n from range(100000000) a, range(100000) b, ${numbers} where a.range + b.range = -1`,
});
export const limitedSql = endpoint("GET /limited", {
  reads: { numbers },
  timeLimit: "200ms",
  returns: z.array(z.object({ n: z.int() })),
  handler: ({ numbers }) =>
    sql`select count(*) as n from range(100000000) a, range(100000) b, ${numbers} where a.range + b.range = -1`,
});
export const slowHandler = endpoint("GET /slow-handler", {
  timeLimit: "200ms",
  handler: (_, { signal }) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        seen.aborted += 1;
      });
      // Does not heed its signal, as user code may.
      setTimeout(() => resolve({ late: true }), 3_000).unref();
    }),
});
export const patient = endpoint("GET /patient", {
  handler: (_, { signal }) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve({ done: true }), 400);
      signal.addEventListener("abort", () => {
        seen.aborted += 1;
        clearTimeout(timer);
        reject(new Error("stopped"));
      });
    }),
});
export const manyRows = endpoint("GET /many", {
  reads: { numbers },
  maxRows: 3,
  returns: z.array(Row),
  handler: ({ numbers }) => sql`select n from ${numbers} order by n`,
});

export const handlersProject = defineProject({
  name: "handlers",
  definitions: [
    {
      numbers,
      label,
      sum,
      vouchedSum,
      volatileSql,
      clockInParameter,
      asyncSql,
      computedList,
      untyped,
      wrongValue,
    },
    { wrongColumns, throwing, throwingLater, teapot, created, gone, plainText, context, labelled, slowSql },
    { limitedSql, slowHandler, patient, manyRows },
  ],
});
