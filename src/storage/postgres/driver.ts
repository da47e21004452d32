import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientBase, DatabaseError, Pool, type PoolClient, types } from "pg";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { Database } from "../database/database.ts";
import { translate } from "../database/dialect.ts";
import type { Row, Script, Statement } from "../database/script.ts";
import { postgresDialect } from "./dialect.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** How long to wait for a connection, or for a lock, before the state counts as unavailable, in milliseconds. 10,000. */
  readonly timeoutMs?: number;
  /** How long a statement may go without an answer before its connection counts as lost, in milliseconds. 120,000. */
  readonly answerMs?: number;
}

/** A process writes little at once; many processes share the server. */
const connections = 4;

/** Whoever stands still inside a transaction (a stopped process, say) must not keep its locks from the others. */
const idleInTransactionMs = 30_000;

const attempts = 8;

export class PostgresDatabase implements Database {
  readonly dialect = postgresDialect;
  readonly #pool: Pool;

  constructor({ url, timeoutMs = 10_000, answerMs = 120_000 }: PostgresOptions) {
    this.#pool = new Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: timeoutMs,
      keepAlive: true,
      // Where everything sent is lost, the operating system gives a connection up after a quarter of an hour only.
      query_timeout: answerMs,
      pipeline: true,
      application_name: "millrace",
      // Awaited by the pool before it hands the connection out.
      onConnect: (client) => configure(client, timeoutMs) as unknown as void,
      // All of our bigints are below 2⁵³.
      types: {
        getTypeParser: (oid, format) =>
          oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
      },
    });
    // An idle connection was lost. The pool has dropped it; the next query says so if there is no other.
    this.#pool.on("error", () => undefined);
  }

  async read<T>(script: () => Script<T>): Promise<T> {
    return this.#connected((client) => drive(client, script()));
  }

  async write<T>(script: () => Script<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#connected((client) => transact(client, script));
      } catch (error) {
        if (!gaveWay(error)) throw error;
        if (attempt === attempts) throw unavailable(error);
      }
      await sleep(Math.random() * 5 * 2 ** attempt);
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  async #connected<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      // Whatever keeps us from connecting: no server, no such database, a wrong password, a pool that is closed.
      throw unavailable(error);
    }
    // Losing the connection is reported by the query under way; without a listener it would end the process too.
    const ignore = (): void => undefined;
    client.on("error", ignore);
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = isLost(error);
      throw broken ? unavailable(error) : error;
    } finally {
      client.off("error", ignore);
      client.release(broken);
    }
  }
}

/**
 * Every statement of ours finds its rows by key, a few at a time. The planner cannot know how few rows a JSON parameter
 * has, nor anything of a database that is new, and would read and hash whole tables (8 ms for a step instead of 2 among
 * 10,000 assets), and it would plan anew each time (0.3 ms).
 */
const byKey = [
  "enable_seqscan = off",
  "enable_hashjoin = off",
  "enable_mergejoin = off",
  "enable_material = off",
  "plan_cache_mode = force_generic_plan",
];

/** By statements, since a pooler in between would refuse them as options of the connection. */
async function configure(client: ClientBase, timeoutMs: number): Promise<void> {
  const limits = [
    `lock_timeout = ${Math.ceil(timeoutMs)}`,
    `idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
  ];
  await client.query([...limits, ...byKey].map((setting) => `set ${setting}`).join("; "));
}

async function transact<T>(client: PoolClient, script: () => Script<T>): Promise<T> {
  try {
    const sent = [client.query("begin").then(noRows)];
    const result = await drive(client, script(), sent);
    // If a statement before it has failed, the server makes a rollback of this.
    sent.push(client.query("commit").then(noRows));
    await lastRows(sent);
    return result;
  } catch (error) {
    // On a connection that is lost there is nothing to roll back: the server has done it.
    if (!isLost(error)) await client.query("rollback");
    throw error;
  }
}

/**
 * Statements whose rows nobody reads are sent without waiting for the answer, so a transaction costs as many round
 * trips as it has questions: 5 instead of 15 for a step. `sent` are those not answered yet.
 */
async function drive<T>(
  client: PoolClient,
  script: Script<T>,
  sent: Promise<readonly Row[]>[] = [],
): Promise<T> {
  try {
    let turn = script.next();
    while (turn.done !== true) {
      sent.push(execute(client, turn.value));
      turn = script.next(turn.value.unread === true ? [] : await lastRows(sent));
    }
    return turn.value;
  } catch (error) {
    // The script itself may throw while statements are under way: they are waited for, and nobody asks how they ended.
    await Promise.allSettled(sent);
    throw error;
  }
}

/** Waits for all that was sent. Of several failures the first one counts: those after it only say that there was one. */
async function lastRows(sent: Promise<readonly Row[]>[]): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  for (const outcome of await Promise.allSettled(sent.splice(0))) {
    if (outcome.status === "rejected") throw outcome.reason;
    rows = outcome.value;
  }
  return rows;
}

function noRows(): readonly Row[] {
  return [];
}

interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Named statements are parsed and planned once on each connection. */
const prepared = new Map<string, Prepared>();

async function execute(client: PoolClient, { text, params }: Statement): Promise<readonly Row[]> {
  let statement = prepared.get(text);
  if (statement === undefined) {
    const translated = translate(postgresDialect, text);
    statement = {
      name: createHash("sha256").update(translated).digest("hex").slice(0, 32),
      text: translated,
    };
    prepared.set(text, statement);
  }
  const { rows } = await client.query<Row>({ ...statement, values: [...params] });
  return rows;
}

/** Serialization failure, deadlock: the server has undone one of two transactions, which may simply be run again. */
function gaveWay(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "40001" || error.code === "40P01");
}

/**
 * SQLSTATE classes that mean the server, not the statement: connection, resources, operator intervention, system
 * error; and a lock that was not given in time. Errors without a SQLSTATE come from the socket.
 */
const serverTrouble = /^(08|53|57|58|XX|55P03|25P03)/;

function isLost(error: unknown): boolean {
  if (error instanceof MillraceError) return false;
  if (error instanceof DatabaseError) return serverTrouble.test(error.code ?? "");
  return error instanceof Error && ("syscall" in error || /connection|timeout/i.test(error.message));
}

function unavailable(error: unknown): MillraceError {
  return new MillraceError(
    "STATE_UNAVAILABLE",
    { reason: withoutPassword(reasonOf(error)) },
    { cause: error },
  );
}

/** A driver's message may quote the URL. */
function withoutPassword(reason: string): string {
  return reason.replace(/\/\/[^@/\s]*@/g, "//…@");
}
