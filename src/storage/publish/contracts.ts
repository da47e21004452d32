import type { EndpointContract, LiveContract } from "../../core/endpoint/endpoint-contract.ts";
import type { Column } from "../../core/column/column.ts";
import type { LiveServer } from "../../ports/state/contract-store.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import { nextSnapshot } from "../snapshots/next-snapshot.ts";
import { all, asTable, first, run, runRows, type Script } from "../database/script.ts";
import { insertSchemas, schemaRow } from "../catalog/table-schemas.ts";

/**
 * The environment's row is the lock, as it is for publishes: whoever publishes after this has committed finds the
 * contracts, and whatever was published before, the server finds when it looks.
 */
export function* announceContracts(
  scope: Scope,
  server: LiveServer,
  contracts: readonly EndpointContract[],
  ttlMs: number,
): Script<void> {
  const { now } = yield* nextSnapshot(scope);
  yield* run(
    "delete from server where id = ? or (environment_id = ? and expires_at <= ?)",
    server.id,
    scope.environmentId,
    now,
  );
  yield* run(
    "insert into server (id, environment_id, host, pid, started_at, expires_at) values (?, ?, ?, ?, ?, ?)",
    server.id,
    scope.environmentId,
    server.host,
    server.pid,
    now,
    now + ttlMs,
  );
  const schemas = contracts.map(({ columns }) => schemaRow(columns));
  yield* insertSchemas(schemas);
  yield* runRows(
    `with r as {rows endpoint text, asset text, schema_hash text}
     insert into endpoint_contract (server_id, asset_id, endpoint, schema_hash)
     select ?, a.id, r.endpoint, r.schema_hash from r {join} asset a on a.project_id = ? and a.key = r.asset`,
    contracts.map(({ endpoint, asset }, index) => [endpoint, asset, schemas[index]?.[0]]),
    server.id,
    scope.projectId,
  );
}

export function* renewServer(serverId: string, ttlMs: number): Script<boolean> {
  const renewed = yield* first(
    "update server set expires_at = {now} + ? where id = ? returning id",
    ttlMs,
    serverId,
  );
  return renewed !== undefined;
}

export function* withdrawServer(serverId: string): Script<void> {
  yield* run("delete from server where id = ?", serverId);
}

interface ContractRow {
  readonly endpoint: string;
  readonly asset: string;
  readonly columns: string;
  readonly host: string;
  readonly pid: number;
}

/** Of some assets or all; those of servers that have not been heard of for their time are left out. */
export function* liveContracts(scope: Scope, assetIds?: readonly number[]): Script<readonly LiveContract[]> {
  if (assetIds?.length === 0) return [];
  const [rows, of] =
    assetIds === undefined
      ? ["", "endpoint_contract c"]
      : ["with r as {rows asset_id integer}", "r {join} endpoint_contract c on c.asset_id = r.asset_id"];
  const found = yield* all<ContractRow>(
    `${rows}
     select c.endpoint, a.key as asset, t.columns, s.host, s.pid
     from ${of}
     join server s on s.id = c.server_id and s.environment_id = ? and s.expires_at > {now}
     join asset a on a.id = c.asset_id join table_schema t on t.hash = c.schema_hash
     order by c.endpoint, a.key, s.started_at, s.id`,
    ...(assetIds === undefined ? [] : [asTable([...new Set(assetIds)].map((id) => [id]))]),
    scope.environmentId,
  );
  return found.map(({ endpoint, asset, columns, host, pid }) => ({
    endpoint,
    asset,
    columns: JSON.parse(columns) as readonly Column[],
    server: `${pid} on ${host}`,
  }));
}
