import type { Location, VersionInput, VersionRecord, VersionState } from "../../core/catalog/version.ts";
import type { VersionBase } from "../../core/catalog/version-base.ts";
import type { Column } from "../../core/column/column.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import { rangeOfRow, type RangeRow } from "../database/range-row.ts";
import { forRows, type Script } from "../database/script.ts";

/** Columns of `version v` left joined with `table_schema c` that make a record. */
export const versionColumns = `v.id, v.asset_id, v.space_id, v.slice, v.range_from, v.range_to, v.kind, v.state,
  v.run_id, v.step, v.location, v.data_version, c.columns, v.row_count, v.bytes, v.code_version, v.config_hash,
  v.resource_hash, v.base, v.metadata,
  v.created_at, v.staged_at, v.published_at as first_published_at, v.withheld_at, v.state_reason`;

export interface VersionRow extends RangeRow {
  readonly id: string;
  readonly asset_id: number;
  readonly space_id: number;
  readonly kind: string;
  readonly state: string;
  readonly run_id: string;
  readonly step: string;
  readonly location: string | null;
  readonly data_version: string | null;
  readonly columns: string | null;
  readonly row_count: number | null;
  readonly bytes: number | null;
  readonly code_version: string | null;
  readonly config_hash: string | null;
  readonly resource_hash: string | null;
  readonly base: string | null;
  readonly metadata: string | null;
  readonly created_at: number;
  readonly staged_at: number | null;
  readonly first_published_at: number | null;
  readonly withheld_at: number | null;
  readonly state_reason: string | null;
}

/** By id. */
export function* versionsWithIds(ids: readonly string[]): Script<ReadonlyMap<string, VersionRecord>> {
  const rows = yield* forRows<VersionRow>(
    `with r as {rows id text} select ${versionColumns}
     from r {join} version v on v.id = r.id left join table_schema c on c.hash = v.schema_hash`,
    [...new Set(ids)].map((id) => [id]),
  );
  return yield* versionRecords(rows);
}

/** Rows as records, with their inputs. Equal column lists and metadata are parsed once and shared. */
export function* versionRecords(rows: readonly VersionRow[]): Script<ReadonlyMap<string, VersionRecord>> {
  const staged = [...new Set(rows.filter((row) => row.staged_at !== null).map((row) => row.id))];
  const inputs = yield* readInputs(staged);
  const schemas = new Map<string, readonly Column[]>();
  const columnsOf = (text: string): readonly Column[] => {
    const columns = schemas.get(text) ?? (JSON.parse(text) as readonly Column[]);
    schemas.set(text, columns);
    return columns;
  };
  const metadata = new Map<string, VersionMetadata>();
  const metadataOf = (text: string): VersionMetadata => {
    const values = metadata.get(text) ?? Object.freeze(JSON.parse(text) as VersionMetadata);
    metadata.set(text, values);
    return values;
  };
  const texts = { columnsOf, metadataOf };
  return new Map(rows.map((row) => [row.id, versionRecord(row, inputs.get(row.id) ?? [], texts)]));
}

type VersionMetadata = Readonly<Record<string, unknown>>;

/** What JSON texts mean. */
interface Texts {
  readonly columnsOf: (text: string) => readonly Column[];
  readonly metadataOf: (text: string) => VersionMetadata;
}

function versionRecord(
  row: VersionRow,
  inputs: readonly VersionInput[],
  { columnsOf, metadataOf }: Texts,
): VersionRecord {
  return {
    id: row.id,
    assetId: row.asset_id,
    spaceId: row.space_id,
    range: rangeOfRow(row),
    state: row.state as VersionState,
    runId: row.run_id,
    step: row.step,
    kind: row.kind as VersionRecord["kind"],
    createdAt: row.created_at,
    ...(row.staged_at === null ? {} : { stagedAt: row.staged_at, inputs }),
    ...(row.first_published_at === null ? {} : { publishedAt: row.first_published_at }),
    ...(row.withheld_at === null ? {} : { withheldAt: row.withheld_at }),
    ...(row.state_reason === null ? {} : { stateReason: row.state_reason }),
    ...(row.location === null ? {} : { location: JSON.parse(row.location) as Location }),
    ...(row.data_version === null ? {} : { dataVersion: row.data_version }),
    ...(row.columns === null ? {} : { columns: columnsOf(row.columns) }),
    ...(row.row_count === null ? {} : { rowCount: row.row_count }),
    ...(row.bytes === null ? {} : { bytes: row.bytes }),
    ...(row.code_version === null ? {} : { codeVersion: row.code_version }),
    ...(row.config_hash === null ? {} : { configHash: row.config_hash }),
    ...(row.resource_hash === null ? {} : { resourceHash: row.resource_hash }),
    ...(row.base === null ? {} : { base: JSON.parse(row.base) as VersionBase }),
    ...(row.metadata === null ? {} : { metadata: metadataOf(row.metadata) }),
  };
}

interface InputRow {
  readonly version_id: string;
  readonly asset: string;
  readonly ranges: string | null;
  readonly snapshot: number;
  readonly data_version: string;
}

/** What each version was made from, in the order it was recorded. */
export function* readInputs(
  versionIds: readonly string[],
): Script<ReadonlyMap<string, readonly VersionInput[]>> {
  const rows = yield* forRows<InputRow>(
    `with r as {rows id text}
     select i.version_id, a.key as asset, i.ranges, i.snapshot, i.data_version
     from r {join} version_input i on i.version_id = r.id join asset a on a.id = i.asset_id
     order by i.version_id, i.position`,
    versionIds.map((id) => [id]),
  );
  const byVersion = Map.groupBy(rows, (row) => row.version_id);
  return new Map([...byVersion].map(([versionId, inputs]) => [versionId, inputs.map(versionInput)]));
}

function versionInput(row: InputRow): VersionInput {
  return {
    asset: row.asset,
    ...(row.ranges === null ? {} : { ranges: JSON.parse(row.ranges) as readonly PartitionRange[] }),
    snapshot: row.snapshot,
    dataVersion: row.data_version,
  };
}
