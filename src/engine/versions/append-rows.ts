import { canonicalJson } from "../../core/canonical-json.ts";
import { joinedDataVersion } from "../../core/catalog/table-data-version.ts";
import { fileOf, type StoredRows } from "../../core/catalog/stored-rows.ts";
import { storedIn, type VersionRecord } from "../../core/catalog/version.ts";
import { MillraceError } from "../../core/errors.ts";
import { outputKey } from "../../core/plan/plan.ts";
import { SqlTree } from "../../core/sql/sql-tree.ts";
import type { TableRef } from "../../core/sql/sql-tree.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import type { AppendBase } from "./append-base.ts";
import type { Attempt } from "../execution.ts";
import type { IntendedVersion } from "./intended-version.ts";

/** The rows of a version as they are about to be recorded. */
export interface WrittenRows {
  readonly files: readonly StoredRows[];
  readonly source: TableSource;
  readonly bytes: number;
  /** What is known of them without reading them. */
  readonly counted?: { readonly rowCount: number; readonly dataVersion: string };
}

/**
 * A version has no more files than that. Each run that adds something adds a file, and state keeps the whole list for each
 * version; one run in so many pays for all rows instead.
 */
const mostFiles = 32;

/**
 * The rows that were there, and the new ones: the former's files and the latter's (N1), of which the data version and
 * the number of rows are sums. Where they were written or counted otherwise (N3, N6), or there are too many files, all of
 * them go to one new file.
 *
 * @throws RESULT_MISMATCH when a new row does not fit
 */
export async function appendRows(
  attempt: Attempt,
  intended: IntendedVersion,
  { version }: NonNullable<AppendBase["part"]>,
  previous: TableSource,
  added: WrittenRows,
): Promise<WrittenRows> {
  const { step, execution, signal } = attempt;
  const { tables } = execution.options;
  const { rowCount, dataVersion, violations } = await tables.audit({
    source: added.source,
    rules: [],
    signal,
  });
  if (violations.length > 0) {
    const details = { step: outputKey(step, intended.asset), reason: violations.join("; ") };
    throw new MillraceError("RESULT_MISMATCH", details);
  }
  const source = { ...added.source, parts: [...previous.parts, ...added.source.parts] };
  const joined = joinedDataVersion(version.dataVersion ?? "", dataVersion);
  const { rowCount: before, bytes } = version;
  if (
    joined === undefined ||
    before === undefined ||
    bytes === undefined ||
    !isAlike(version, attempt, added)
  )
    return writeAnew(attempt, intended, source, added);
  return {
    files: [...storedIn(version.location), ...added.files],
    source,
    bytes: bytes + added.bytes,
    counted: { rowCount: before + rowCount, dataVersion: joined },
  };
}

/** Could the new rows have been written together with those of the version, and is there room for one more file? */
function isAlike(
  { columns, range, location }: VersionRecord,
  { step, execution }: Attempt,
  { source }: WrittenRows,
): boolean {
  return (
    location !== undefined &&
    "files" in location &&
    location.store === execution.options.store.name &&
    location.files.length < mostFiles &&
    range.slice === step.range.slice &&
    range.from === step.range.from &&
    range.to === step.range.to &&
    canonicalJson(columns ?? null) === canonicalJson(source.columns)
  );
}

const table: TableRef = { asset: "", dependency: "all rows" };
const everything = new SqlTree(
  [
    { part: "text", text: "select * from " },
    { part: "table", table },
  ],
  "many",
  [],
);

async function writeAnew(
  { step, execution, signal }: Attempt,
  { asset, versionId }: IntendedVersion,
  source: TableSource,
  added: WrittenRows,
): Promise<WrittenRows> {
  const { tables, store } = execution.options;
  const { file, path } = await store.place(asset.key, versionId, step.range, "all.parquet");
  const all = { ...source, id: `${source.id} and before` };
  const from = { sql: everything, source: () => all };
  const { columns } = source;
  const { bytes } = await tables.write({ from, columns, path, signal, step: outputKey(step, asset) });
  await store.removeFiles(added.files.map(fileOf));
  return {
    files: [file],
    source: { ...source, parts: [{ part: "files", files: [path], columns }] },
    bytes,
  };
}
