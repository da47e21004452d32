import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asset, endpoint, sql } from "millrace";
import { callEndpoint, given } from "millrace/testing";
import * as z from "zod";

const City = z.object({ name: z.string() });
const Visit = z.object({ city: z.string(), visitors: z.int() });
const cities = asset("cities", { columns: City, sql: sql`select 'Oslo' as name` });
const visits = asset("visits", { columns: Visit, sql: sql`select 'Oslo' as city, 1 as visitors` });
const contents = [
  given(cities, [{ name: "Oslo" }, { name: "Bergen" }]),
  given(visits, [{ city: "Oslo", visitors: 3 }]),
];

const params = z.object({ city: z.string() });
const listed = endpoint("GET /cities/:city/visits", {
  params,
  reads: { cities, visits },
  returns: z.array(Visit),
  exists: {
    title: "No such city",
    sql: ({ cities }, { params }) => sql`select 1 from ${cities} where name = ${params.city}`,
  },
  handler: ({ visits }, { params }) => sql`select * from ${visits} where city = ${params.city}`,
});
const computed = endpoint("GET /cities/:city/busy", {
  params,
  reads: { cities, visits },
  returns: z.object({ busy: z.boolean() }),
  exists: {
    title: "No such city",
    sql: ({ cities }, { params }) => sql`select 1 from ${cities} where name = ${params.city}`,
  },
  handler: async ({ visits }, { params }) => {
    const rows = await visits.rows();
    return { busy: rows.some(({ city, visitors }) => city === params.city && visitors > 1) };
  },
});

describe("an endpoint that says when there is no such thing", () => {
  test("gives the rows of what is there, and an empty list of what is there without rows", async () => {
    const oslo = await callEndpoint(listed, { params: { city: "Oslo" }, given: contents });
    assert.deepEqual(oslo.body, [{ city: "Oslo", visitors: 3 }]);
    const bergen = await callEndpoint(listed, { params: { city: "Bergen" }, given: contents });
    assert.deepEqual([bergen.status, bergen.body], [200, []]);
  });

  test("gives 404 with its title, for lists and for computed objects", async () => {
    for (const asked of [listed, computed]) {
      const answer = await callEndpoint(asked, { params: { city: "Atlantis" }, given: contents });
      assert.equal(answer.status, 404, answer.text);
      assert.match(answer.text, /"title":"No such city"/);
      assert.match(answer.text, /Atlantis/);
    }
  });

  test("answers with a computed object for what is there", async () => {
    const bergen = await callEndpoint(computed, { params: { city: "Bergen" }, given: contents });
    assert.deepEqual([bergen.status, bergen.body], [200, { busy: false }]);
  });
});
