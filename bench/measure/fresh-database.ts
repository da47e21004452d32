import { Client } from "pg";

let made = 0;

/** The URL of an empty database on a server. */
export async function freshDatabase(server: string): Promise<string> {
  const name = `bench_${(made += 1)}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
