import { MillraceError } from "../../core/errors.ts";
import type { Database } from "./database.ts";
import { type Dialect, translateSchema } from "./dialect.ts";
import { type Migration, migrations } from "../migrations/migrations.ts";
import { all, run, type Script } from "./script.ts";

/**
 * Brings the schema up to date, in one transaction: an upgrade that is interrupted has not happened. Refuses a schema
 * that a newer Millrace has written.
 */
export async function migrate(database: Database): Promise<void> {
  const current = await database.read(() => schemaNumber()).catch(absent);
  if (current === known) return;
  if (current > known) throw new MillraceError("STATE_TOO_NEW", { found: current, known });
  await database.write(() => upgrade(database.dialect));
}

const known = migrations.reduce((newest, migration) => Math.max(newest, migration.number), 0);

function* schemaNumber(): Script<number> {
  const [row] = yield* all<{ number: number | null }>("select max(number) as number from schema_migration");
  return row?.number ?? 0;
}

/** No table means a new database; anything worse will be met again by the upgrade. */
function absent(error: unknown): number {
  if (error instanceof MillraceError) throw error;
  return 0;
}

function* upgrade(dialect: Dialect): Script<void> {
  if (dialect.migrationLock !== undefined) yield* run(dialect.migrationLock);
  for (const statement of translateSchema(dialect, journal)) yield* run(statement);
  // Another process may have been here in the meantime.
  const current = yield* schemaNumber();
  if (current > known) throw new MillraceError("STATE_TOO_NEW", { found: current, known });
  for (const migration of migrations.filter(({ number }) => number > current))
    yield* apply(dialect, migration);
}

const journal = `create table if not exists schema_migration (
  number integer primary key,
  name text not null,
  applied_at integer not null
) {plain}`;

function* apply(dialect: Dialect, { number, name, schema }: Migration): Script<void> {
  for (const statement of translateSchema(dialect, schema)) yield* run(statement);
  yield* run("insert into schema_migration (number, name, applied_at) values (?, ?, {now})", number, name);
}
