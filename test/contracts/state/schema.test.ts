import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Client } from "pg";
import { openPostgresState } from "../../../src/storage/postgres/open.ts";
import { SqliteDatabase } from "../../../src/storage/sqlite/driver.ts";
import { migrate } from "../../../src/storage/database/migrate.ts";
import { testDatabase } from "../../postgres-server.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The schema that the migrations make, as it is in the database, committed for review. After a new migration:
//   npx node --test --test-update-snapshots test/contracts/state/schema.test.ts
const asItIs = { serializers: [(text: unknown) => String(text)] };
const storage = new URL("../../../src/storage/", import.meta.url);

test("the migrations make the committed schema in SQLite", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "millrace-schema-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "state.db");
  const database = await SqliteDatabase.open({ path });
  await migrate(database);
  await database.close();
  const connection = new DatabaseSync(path);
  t.after(() => connection.close());
  const rows = connection
    .prepare(
      "select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by rowid",
    )
    .all();
  const dump = rows.map((row) => `${String(row["sql"])};\n`).join("\n");
  t.assert.fileSnapshot(dump, new URL("sqlite/schema.sql", storage).pathname, asItIs);
});

test("the migrations make the committed schema in PostgreSQL", async (t) => {
  const url = await testDatabase(t);
  await (await openPostgresState({ url })).close();
  const client = new Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  const text = async (sql: string): Promise<string[]> =>
    (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line);
  const tables = await text("select tablename as line from pg_tables where schemaname = 'public' order by 1");
  const parts: string[] = [];
  for (const table of tables) {
    const columns = await text(`
      select '  ' || quote_ident(column_name) || ' ' || data_type
        || case when is_identity = 'YES' then ' generated ' || lower(identity_generation) || ' as identity' else '' end
        || case when is_nullable = 'NO' then ' not null' else '' end
        || coalesce(' default ' || column_default, '') as line
      from information_schema.columns where table_name = '${table}' order by ordinal_position`);
    const constraints = await text(`
      select '  constraint ' || conname || ' ' || pg_get_constraintdef(oid) as line
      from pg_constraint where conrelid = 'public.${table}'::regclass and contype <> 'n' order by contype desc, conname`);
    const indexes = await text(`
      select indexdef || ';' as line from pg_indexes
      where tablename = '${table}' and indexname not in (select conname from pg_constraint) order by indexname`);
    parts.push(
      [`create table ${table} (`, [...columns, ...constraints].join(",\n"), ");", ...indexes, ""].join("\n"),
    );
  }
  t.assert.fileSnapshot(parts.join("\n"), new URL("postgres/schema.sql", storage).pathname, asItIs);
});
