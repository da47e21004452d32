import type { Scope } from "../../ports/state/project-store.ts";
import type { RunLease, StagedVersion } from "../../ports/state/run-store.ts";
import { MillraceError } from "../../core/errors.ts";
import { noteSharedFiles } from "../retention/doom-files.ts";
import type { OutputPlace } from "./run-changes.ts";
import { type Cells, forRows, runRows, type Script } from "../database/script.ts";
import { insertSchemas, schemaRow } from "../catalog/table-schemas.ts";

interface Target {
  readonly scope: Scope;
  readonly lease: RunLease;
  readonly now: number;
}

function place(id: string, kind: string, { assetId, spaceId, range, step }: OutputPlace): Cells {
  return [id, kind, assetId, spaceId, range.slice, range.from, range.to, step];
}

/** A name for bytes that may from now on lie in a store (N2). */
export function* intendVersions(
  { scope, lease, now }: Target,
  intents: readonly { readonly versionId: string; readonly kind: string; readonly at: OutputPlace }[],
): Script<void> {
  yield* runRows(
    `with r as {rows id text, kind text, asset_id integer, space_id integer, slice text, range_from integer,
       range_to integer, step text}
     insert into version (project_id, environment_id, run_id, token, created_at, state, id, kind, asset_id, space_id,
       slice, range_from, range_to, step)
     select ?, ?, ?, ?, ?, 'intended', id, kind, asset_id, space_id, slice, range_from, range_to, step from r`,
    intents.map(({ versionId, kind, at }) => place(versionId, kind, at)),
    scope.projectId,
    scope.environmentId,
    lease.runId,
    lease.token,
    now,
  );
}

/** The bytes are there. A version that was intended keeps its row; an inline value gets one now. */
export function* stageVersions(
  { scope, lease, now }: Target,
  staged: readonly { readonly version: StagedVersion; readonly at: OutputPlace }[],
): Script<void> {
  if (staged.length === 0) return;
  const schemas = new Map<string, string>();
  const rows = staged.map(({ version, at }): Cells => {
    const [schema, columns] = version.columns === undefined ? [] : schemaRow(version.columns);
    if (columns !== undefined && schema !== undefined) schemas.set(schema, columns);
    return [
      ...place(version.id, version.kind, at),
      "store" in version.location ? version.location.store : undefined,
      JSON.stringify(version.location),
      version.dataVersion,
      schema,
      version.rowCount,
      version.bytes,
      version.codeVersion,
      version.configHash,
      version.resourceHash,
      version.base === undefined ? undefined : JSON.stringify(version.base),
      JSON.stringify(version.metadata),
    ];
  });
  yield* insertSchemas(schemas);
  const written = yield* forRows(
    `with r as {rows id text, kind text, asset_id integer, space_id integer, slice text, range_from integer,
       range_to integer, step text, store text, location text, data_version text, schema_hash text, row_count integer,
       bytes integer, code_version text, config_hash text, resource_hash text, base text, metadata text}
     insert into version (project_id, environment_id, run_id, token, created_at, staged_at, state, id, kind, asset_id,
       space_id, slice, range_from, range_to, step, store, location, data_version, schema_hash, row_count, bytes,
       code_version, config_hash, resource_hash, base, metadata)
     select ?, ?, ?, ?, ?, ?, 'staged', id, kind, asset_id, space_id, slice, range_from, range_to, step, store,
       location, data_version, schema_hash, row_count, bytes, code_version, config_hash, resource_hash, base,
       metadata
     from r where true
     on conflict (id) do update set state = excluded.state, staged_at = excluded.staged_at, store = excluded.store,
       location = excluded.location, data_version = excluded.data_version, schema_hash = excluded.schema_hash,
       row_count = excluded.row_count, bytes = excluded.bytes, code_version = excluded.code_version,
       config_hash = excluded.config_hash, resource_hash = excluded.resource_hash,
       base = excluded.base, metadata = excluded.metadata
     where version.state = 'intended' and version.run_id = excluded.run_id
     returning id`,
    rows,
    scope.projectId,
    scope.environmentId,
    lease.runId,
    lease.token,
    now,
    now,
  );
  if (written.length < staged.length) {
    const ids = staged.map(({ version }) => version.id).join(", ");
    throw new MillraceError("INTERNAL", { reason: `one of the versions ${ids} is there already` });
  }
  yield* noteSharedFiles(
    scope.projectId,
    staged.map(({ version }) => version),
  );
  yield* insertInputs(
    scope,
    staged.map(({ version }) => version),
  );
}

function* insertInputs(scope: Scope, versions: readonly StagedVersion[]): Script<void> {
  const rows = versions.flatMap(({ id, inputs }) =>
    inputs.map(({ asset, ranges, snapshot, dataVersion }, position): Cells => [
      id,
      position,
      asset,
      ranges === undefined ? undefined : JSON.stringify(ranges),
      snapshot,
      dataVersion,
    ]),
  );
  // By its key or one that it had before. An asset that was never registered has no id, which the table refuses.
  yield* runRows(
    `with r as {rows version_id text, position integer, asset text, ranges text, snapshot integer, data_version text}
     insert into version_input (version_id, position, asset_id, ranges, snapshot, data_version)
     select r.version_id, r.position, coalesce(a.id, l.asset_id), r.ranges, r.snapshot, r.data_version
     from r left join asset a on a.project_id = ? and a.key = r.asset
     left join asset_alias l on l.project_id = ? and l.key = r.asset`,
    rows,
    scope.projectId,
    scope.projectId,
  );
}

export function* rejectVersions(
  lease: RunLease,
  rejected: readonly { readonly versionId: string; readonly reason: string }[],
): Script<void> {
  yield* runRows(
    `with r as {rows id text, reason text} update version set state = 'rejected', state_reason = r.reason
     from r where version.id = r.id and version.run_id = ? and version.state in ('intended', 'staged')`,
    rejected.map(({ versionId, reason }) => [versionId, reason]),
    lease.runId,
  );
}

/**
 * What a failed attempt has staged and not had judged. So whatever a succeeded step has staged is what it made. Bytes
 * that were only intended are told at the end of the run.
 */
export function* abandonStaged(lease: RunLease, steps: readonly string[]): Script<void> {
  yield* runRows(
    `with r as {rows run_id text, step text} update version set state = 'abandoned'
     from r where version.run_id = r.run_id and version.step = r.step and version.state = 'staged'`,
    steps.map((step) => [lease.runId, step]),
  );
}
