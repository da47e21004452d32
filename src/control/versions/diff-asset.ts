import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { changesTo, type PointedRange } from "../../core/catalog/pointer-changes.ts";
import type { VersionRecord } from "../../core/catalog/version.ts";
import { columnChanges, type ColumnChanges } from "../../core/column/column-changes.ts";
import type { Column } from "../../core/column/column.ts";
import { compareMetadata, type MetadataChange } from "../../core/metadata/compare-metadata.ts";
import { MillraceError } from "../../core/errors.ts";
import { overlaps, type PartitionRange } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { refusePartitions, wantedRanges } from "../../core/plan/wanted-ranges.ts";
import type { PlacedVersion } from "../../ports/state/catalog-store.ts";
import type { TableEngine, TableSource, VersionStore } from "../../ports/table-engine.ts";
import { tableParts } from "../../ports/table-parts.ts";
import { compareTables, type RowChanges } from "./compare-tables.ts";
import { compareValues, type ValueChange } from "./compare-values.ts";
import type { ControlContext } from "../control-context.ts";
import { partitionName } from "../snapshots/named-places.ts";
import { earlierSide, sideOf, snapshotSide, type VersionSide } from "./version-side.ts";

export interface DiffRequest {
  readonly key: string;
  /** A version's id or a snapshot; the version before the current one when absent. */
  readonly before?: string;
  /** The same; what is current when absent. */
  readonly after?: string;
  readonly partition?: string;
  /** How many rows, or places in a value, are shown of each kind of change. */
  readonly samples: number;
}

export interface DiffSide {
  readonly label: string;
  readonly versions: number;
  /** Undefined where a version has not counted them. */
  readonly rowCount: number | undefined;
}

export interface AssetDiff {
  readonly asset: string;
  readonly kind: AssetDefinition["kind"];
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** The content is the same, and so is its schema. */
  readonly equal: boolean;
  /** What differs; `partition` is absent for an asset without partitions. The first few are named. */
  readonly places: {
    readonly count: number;
    readonly named: readonly {
      readonly partition: string | undefined;
      readonly change: "added" | "removed" | "changed";
    }[];
  };
  /** Where both sides are one version: what they keep about themselves, whether the content is equal or not. */
  readonly metadata: readonly MetadataChange[] | undefined;
  /** Of tables. */
  readonly columns: Omit<ColumnChanges, "common"> | undefined;
  readonly rows: RowChanges | undefined;
  /** Of values: where they differ. */
  readonly values: readonly ValueChange[] | undefined;
  /** Of files: what they hold, by digest. */
  readonly files:
    | readonly {
        readonly partition: string | undefined;
        readonly before: string | undefined;
        readonly after: string | undefined;
      }[]
    | undefined;
}

const namedPlaces = 20;

/**
 * Compares two versions of an asset, or what it was at two snapshots: schema, counts and a few rows of each kind of
 * change. Partitions with equal content are not read.
 *
 * @throws ASSET_NOT_FOUND, SELECTION_EXTERNAL, VERSION_NOT_FOUND, SNAPSHOT_GONE and the like
 */
export async function diffAsset(
  request: DiffRequest,
  context: ControlContext,
  reading: { readonly tables: TableEngine; readonly store: VersionStore },
): Promise<AssetDiff> {
  const { key } = request;
  const asset = context.graph.byKey.get(key);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  if (isExternal(asset)) throw new MillraceError("SELECTION_EXTERNAL", { selection: key });
  const { before, after } = await sidesOf(request, asset, context);
  // A version before is told of its own places only.
  const emptying = request.before !== undefined;
  const changes = changesTo(pointed(before.pieces), pointed(after.pieces), { emptying: true }).filter(
    (change) => emptying || change.from !== undefined,
  );
  const place = knownAsset(context.known, asset);
  const changed = (side: VersionSide): readonly PlacedVersion[] =>
    side.pieces.filter((piece) => changes.some(({ range }) => overlaps(range, piece.range)));
  const diff = {
    asset: key,
    kind: asset.kind,
    before: summary(before),
    after: summary(after),
    places: {
      count: changes.reduce((sum, { range }) => sum + range.to - range.from, 0),
      named: changes.slice(0, namedPlaces).map(({ range, from, to }) => ({
        partition: partitionName(range, place),
        change:
          from === undefined
            ? ("added" as const)
            : to === undefined
              ? ("removed" as const)
              : ("changed" as const),
      })),
    },
    metadata: metadataChanges(before, after),
    columns: undefined,
    rows: undefined,
    values: undefined,
    files: undefined,
  };
  const [old, now] = [changed(before), changed(after)];
  if (asset.kind === "table") {
    const [columnsBefore, columnsAfter] = [columnsIn(before, after), columnsIn(after, before)];
    const { common, ...columns } = columnChanges(columnsBefore, columnsAfter);
    const rows =
      changes.length === 0 || common.length === 0
        ? undefined
        : await compareTables(
            tableSource(key, "a", old, columnsBefore, reading.store),
            tableSource(key, "b", now, columnsAfter, reading.store),
            common,
            keyOf(asset, common, context),
            request.samples,
            reading.tables,
          );
    const sameSchema = columns.added.length + columns.removed.length + columns.changed.length === 0;
    return { ...diff, equal: changes.length === 0 && sameSchema, columns, rows };
  }
  const pairs = changes.map(({ range }) => ({
    partition: partitionName(range, place),
    before: old.find((piece) => overlaps(piece.range, range))?.version,
    after: now.find((piece) => overlaps(piece.range, range))?.version,
  }));
  const equal = changes.length === 0;
  if (asset.kind === "file") {
    const files = pairs.map((pair) => ({
      partition: pair.partition,
      before: pair.before?.dataVersion,
      after: pair.after?.dataVersion,
    }));
    return { ...diff, equal, files };
  }
  return { ...diff, equal, values: await compareValues(key, pairs, request.samples, reading.store) };
}

function metadataChanges(before: VersionSide, after: VersionSide): AssetDiff["metadata"] {
  const [[one, ...moreBefore], [two, ...moreAfter]] = [before.pieces, after.pieces];
  if (one === undefined || two === undefined || moreBefore.length + moreAfter.length > 0) return undefined;
  return compareMetadata(one.version.metadata ?? {}, two.version.metadata ?? {});
}

async function sidesOf(
  request: DiffRequest,
  asset: AssetDefinition,
  context: ControlContext,
): Promise<{ readonly before: VersionSide; readonly after: VersionSide }> {
  const within = partitionRange(request, asset, context);
  const { number } = await context.state.catalog.head(context.scope);
  const after =
    request.after === undefined
      ? await snapshotSide(number, asset, within, context)
      : await sideOf(request.after, asset, within, context);
  const before =
    request.before === undefined
      ? await earlierSide(asset, within, context)
      : await sideOf(request.before, asset, within, context);
  return { before, after };
}

function partitionRange(
  { partition }: DiffRequest,
  asset: AssetDefinition,
  { known, clock }: ControlContext,
): PartitionRange | undefined {
  if (partition === undefined) return undefined;
  const partitions = { from: partition, to: partition };
  refusePartitions([asset], partitions);
  const [range] = wantedRanges(asset, { partitions, known, now: clock.now() }).ranges;
  return range;
}

/** Places by content: equal content is no change, whichever version it is. */
function pointed(pieces: readonly PlacedVersion[]): readonly PointedRange[] {
  return pieces.map(({ range, version }) => ({
    range,
    versionId: JSON.stringify([version.dataVersion ?? version.id, version.columns]),
  }));
}

function summary({ label, pieces }: VersionSide): DiffSide {
  const counts = pieces.map(({ version }) => version.rowCount);
  const rowCount = counts.every((count) => count !== undefined)
    ? counts.reduce((sum, count) => sum + count, 0)
    : undefined;
  return { label, versions: pieces.length, rowCount };
}

/** Of the version made last; older ones are read by it. Where there is nothing yet, nothing of the schema has changed. */
function columnsIn(side: VersionSide, other: VersionSide): readonly Column[] {
  const { pieces } = side.pieces.length === 0 ? other : side;
  const newest = pieces.reduce<VersionRecord | undefined>(
    (last, { version }) => (last === undefined || version.createdAt > last.createdAt ? version : last),
    undefined,
  );
  return newest?.columns ?? [];
}

/** The columns of a check that says they are unique, where both sides have them. */
function keyOf(
  asset: AssetDefinition,
  common: readonly Column[],
  { project }: ControlContext,
): readonly string[] | undefined {
  const names = new Set(common.map(({ name }) => name));
  const keys = (project.checks.get(asset) ?? []).flatMap(({ rule }) =>
    rule.rule === "unique" ? [rule.columns] : [],
  );
  return keys.find((columns) => columns.every((column) => names.has(column)));
}

function tableSource(
  key: string,
  side: string,
  pieces: readonly PlacedVersion[],
  columns: readonly Column[],
  store: VersionStore,
): TableSource {
  const parts = tableParts({ parts: pieces, columns }, store);
  const plain = columns.map((column) => ({ ...column, rules: [] }));
  return { key, columns: plain, parts, id: `${side} ${pieces.map(({ version }) => version.id).join(" ")}` };
}
