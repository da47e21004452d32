import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { type PostgresServer, startPostgres } from "./server.ts";

const created: string[] = [];
let ownServer: Promise<PostgresServer> | undefined;

/**
 * URL of a fresh, empty database, for this test alone. It is dropped when the tests of the file are done; a connection
 * that is still open then fails the file, because whoever leaks one in a test leaks one in production.
 */
export async function testDatabase(t: { readonly name: string }): Promise<string> {
  const slug = t.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .slice(0, 40);
  const name = `t${process.pid}_${created.length}_${slug}`;
  created.push(name);
  await administer(async (client) => client.query(`create database "${name}"`));
  const url = new URL(await serverUrl());
  url.pathname = name;
  return url.href;
}

/** `npm test` runs one server for all files; a file that is run by itself starts its own. */
async function serverUrl(): Promise<string> {
  const shared = process.env["MILLRACE_TEST_POSTGRES_URL"];
  if (shared !== undefined) return shared;
  ownServer ??= startPostgres();
  return (await ownServer).url;
}

async function administer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: await serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Databases with an open connection, after the second that a closed one may take to vanish. */
async function leaks(client: Client): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await client.query<{ datname: string }>(
      "select distinct datname from pg_stat_activity where datname = any($1)",
      [created],
    );
    if (rows.length === 0 || attempt === 20) return rows.map((row) => row.datname);
    await sleep(50);
  }
}

after(async () => {
  if (created.length === 0) return;
  const leaked = await administer(async (client) => {
    const open = await leaks(client);
    for (const name of created) await client.query(`drop database if exists "${name}" with (force)`);
    return open;
  });
  await (await ownServer)?.stop();
  if (leaked.length > 0) throw new Error(`connections were left open to ${leaked.join(", ")}`);
});
