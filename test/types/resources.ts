/** What a resource's type says, and which uses of resources tsc refuses. The text in «…» stands in tsc's message. */
import { asset, assetCheck, defineProject, endpoint, env, multiAsset, op, resource, sql } from "millrace";
import { instead, materialize } from "millrace/testing";
import type { ConfiguredResource, InstanceOf, Log, Resource, TableHandle } from "millrace";
import * as z from "zod";
import { flights, Flight, months, type FlightRow } from "./flights.ts";
import { is } from "./is.ts";

interface Client {
  readonly query: (text: string) => Promise<readonly number[]>;
  readonly end: () => Promise<void>;
}
declare const connect: (url: string) => Promise<Client>;

// What `create` gives is the type of an instance, which `check` takes; it stands after `create`, and config wherever it likes.
const warehouse = resource("warehouse", {
  create: async (_, { config, log, signal, defer }) => {
    is<{ url: string; pool: number }>()(config);
    is<Log>()(log);
    is<AbortSignal>()(signal);
    const client = await connect(config.url);
    defer(() => client.end());
    return client;
  },
  check: (client) => {
    is<Client>()(client);
    return client.query("select 1");
  },
  config: z.object({ url: z.url(), pool: z.int().default(4) }),
  retry: { max: 3 },
});
is<Client>()(undefined as unknown as InstanceOf<typeof warehouse>);
const anyOf: Resource<unknown> = warehouse;

const orders = resource("orders", {
  resources: { db: warehouse },
  create: ({ db }, context) => {
    is<Client>()(db);
    // @ts-expect-error there is no config that nobody declared «Property 'config' does not exist on type 'CreateContext'»
    context.config;
    return { count: async () => (await db.query("select count(*)"))[0] ?? 0 };
  },
});

// Instances come beside what is read, in everything that runs code.
asset("made", {
  columns: Flight,
  deps: { flights },
  partitions: months,
  resources: { db: warehouse, orders },
  run: async (given, { partition }) => {
    is<TableHandle<FlightRow>>()(given.flights);
    is<Client>()(given.db);
    is<string>()(partition.key);
    is<number>()(await given.orders.count());
    return given.flights.rows();
  },
});
const { one } = multiAsset("several", {
  outputs: { one: { value: z.int() } },
  resources: { orders },
  run: async (given) => ({ one: await given.orders.count() }),
});
assetCheck("asked", {
  asset: one,
  resources: { db: warehouse },
  run: async (given) => {
    is<Client>()(given.db);
    return (await given.asset.get()) > 0;
  },
});
endpoint("POST /orders/:id", {
  body: z.object({ n: z.int() }),
  resources: { db: warehouse },
  returns: z.object({ n: z.int() }),
  handler: async ({ db }, { params, body }) => {
    is<Client>()(db);
    is<string>()(params.id);
    is<number>()(body.n);
    return { n: (await db.query("…")).length };
  },
});
endpoint("GET /made", {
  reads: { flights },
  resources: { db: warehouse },
  handler: (given) => {
    is<Client>()(given.db);
    return sql`select * from ${given.flights}`;
  },
});

op("call", {
  input: z.object({ n: z.int() }),
  deps: { flights },
  resources: { db: warehouse },
  output: z.int(),
  run: async (named) => {
    is<number>()(named.input.n);
    is<Client>()(named.db);
    is<number>()(await named.flights.count());
    return 1;
  },
});
op("named_input", {
  // @ts-expect-error what a call gives has that name «"`input` is the op's own: give it another key"»
  resources: { input: warehouse },
  run: () => undefined,
});

// A config is what the resource's schema takes; variables stand for texts, numbers and booleans.
const configured: ConfiguredResource = warehouse.with({ url: "https://there.example" });
warehouse.with({ url: env("WAREHOUSE_URL"), pool: env("POOL", { default: "4" }) });
defineProject({ name: "p", definitions: [], resources: [configured] });
defineProject({
  name: "p",
  definitions: [],
  resources: (environment) => [warehouse.with({ url: `https://${environment}.example` })],
});
// @ts-expect-error what its schema requires is given «Property 'url' is missing in type '{ pool: number; }'»
warehouse.with({ pool: 4 });
// @ts-expect-error each member has a type «Type 'string' is not assignable to type 'number | EnvironmentVariable | undefined'»
warehouse.with({ url: "https://there.example", pool: "4" });
// @ts-expect-error there is no such member «'pol' does not exist in type»
warehouse.with({ url: "https://there.example", pol: 4 });
// @ts-expect-error it takes no config «not assignable to parameter of type 'never'»
orders.with({ url: "https://there.example" });
// @ts-expect-error a resource is no configured one «is not assignable to type 'ConfiguredResource'»
defineProject({ name: "p", definitions: [], resources: [warehouse] });

// A fake is what its resource makes.
instead(warehouse, { query: async () => [1], end: async () => undefined });
// @ts-expect-error with all of it «Property 'end' is missing in type»
instead(warehouse, { query: async () => [1] });
await materialize([one], { resources: [configured, instead(orders, { count: async () => 3 })] });

asset("reads_another", {
  value: z.int(),
  resources: { orders },
  // @ts-expect-error what is not listed is not there «Property 'db' does not exist on type»
  run: async ({ db }) => String(db).length,
});
asset("wrong_type", {
  value: z.int(),
  resources: { db: warehouse },
  // @ts-expect-error an instance is what its resource makes «Property 'count' does not exist on type 'Client'»
  run: async ({ db }) => db.count(),
});
asset("named_alike", {
  value: z.int(),
  deps: { flights },
  // @ts-expect-error one name for two things «"`flights` is a dependency too: give one of them another name"»
  resources: { flights: warehouse },
  run: () => 1,
});
asset("no_resource", {
  value: z.int(),
  // @ts-expect-error an asset is no resource «is missing the following properties from type 'Resource<any, string, never>': name, with»
  resources: { flights },
  run: () => 1,
});
assetCheck("named_as_the_asset", {
  asset: one,
  // @ts-expect-error the checked one has that name «"`asset` is the checked one: give it another key"»
  resources: { asset: warehouse },
  run: () => true,
});
endpoint("GET /alike", {
  reads: { flights },
  // @ts-expect-error one name for two things «"`flights` is a dependency too: give one of them another name"»
  resources: { flights: warehouse },
  handler: () => 1,
});
// @ts-expect-error a resource is made by something «Property 'create' is missing»
resource("empty", { description: "…" });
resource("wrong_scope", {
  // @ts-expect-error there are two scopes «Type '"request"' is not assignable to type '"process" | "run"'»
  scope: "request",
  create: () => 1,
});
resource("config_of_another_kind", {
  // @ts-expect-error its config has members «is not assignable to type»
  config: z.string(),
  create: () => 1,
});

export { anyOf };
