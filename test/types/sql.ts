/** What may stand in an sql`…` text. The text in «…» stands in tsc's message. */
import { sql } from "millrace";
import type { Sql, SqlOne } from "millrace";
import { dailyDelays, flights, model, months, regions, threshold } from "./flights.ts";
import { is } from "./is.ts";

is<Sql<never>>()(sql`select 1`);
is<Sql<"flights">>()(sql`select * from ${flights}`);
is<Sql<"flights" | "daily_delays">>()(sql`select * from ${flights} join ${dailyDelays} using (origin)`);
is<SqlOne<"flights">>()(sql.one`select count(*) as n from ${flights}`);
// A fragment brings what it reads along.
const late = sql`origin in (select origin from ${dailyDelays})`;
is<Sql<"flights" | "daily_delays">>()(sql`select * from ${flights} where ${late}`);
is<Sql<"daily_delays">>()(sql.join([late, sql`delay > 3`], sql` and `));
is<Sql<never>>()(sql`select * from x where ${sql.empty} ${sql.id("order")} = 3`);
// Values of every kind that can be bound, and lists of them.
sql`select ${"a"}, ${1}, ${1n}, ${true}, ${null}, ${new Date(0)}, ${new Uint8Array()}, ${["a", null]}`;
sql`select ${months.start}, ${months.end}, ${months.key}, ${regions.key}`;

// --- refused

// @ts-expect-error undefined «'undefined' is not assignable to parameter of type 'Interpolation'.»
sql`select ${undefined}`;
declare const maybe: string | undefined;
// @ts-expect-error what may be undefined «Type 'undefined' is not assignable to type 'Interpolation'.»
sql`select ${maybe}`;
// @ts-expect-error a value asset «is not assignable to parameter of type 'Interpolation'.»
sql`select * from ${threshold}`;
// @ts-expect-error a file asset «is not assignable to parameter of type 'Interpolation'.»
sql`select * from ${model}`;
// @ts-expect-error a function «'() => number' is not assignable to parameter of type 'Interpolation'.»
sql`select ${() => 3}`;
// @ts-expect-error an object «Object literal may only specify known properties, and 'a' does not exist in type»
sql`select ${{ a: 1 }}`;
// @ts-expect-error a promise «is not assignable to parameter of type 'Interpolation'.»
sql`select ${Promise.resolve(1)}`;
// @ts-expect-error the partitions themselves, not a bound of theirs «is not assignable to parameter of type 'Interpolation'.»
sql`select ${months}`;
// @ts-expect-error a name that is no text «Argument of type 'number' is not assignable to parameter of type 'string'.»
sql.id(3);
// @ts-expect-error strings as fragments, which would be a way to inject «Type 'string' is not assignable to type 'Sql<never>'.»
sql.join(["a = 1"]);
// @ts-expect-error a text that is no template «is not assignable to parameter of type 'TemplateStringsArray'.»
sql("select 1");
