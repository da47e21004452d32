import { tableDataVersion } from "../../core/catalog/table-data-version.ts";
import type { Column } from "../../core/column/column.ts";
import { engineType, quoteName } from "../../core/column/engine-type.ts";
import { text } from "../sql/literal.ts";
import { jsonText } from "../wire/wire-text.ts";

/**
 * The two sums of a data version (N3) as SQL aggregates: each row is hashed over the declared columns in order, with
 * a salt that names the columns and their types (the engine hashes 1 as INTEGER like 1 as BIGINT). Summed, so that the
 * order of rows does not matter and duplicates count.
 */
export function dataVersionSums(columns: readonly Column[]): [first: string, second: string] {
  const [first, second] = rowHashes(columns);
  return [sumOfHashes(first), sumOfHashes(second)];
}

/** The two hashes of a row whose sums make the data version. */
export function rowHashes(columns: readonly Column[]): [first: string, second: string] {
  const names = columns.map(({ name, type }) => `${quoteName(name)} ${engineType(type)}`).join(", ");
  const values = columns.map(hashable).join(", ");
  // Hashing the hash spreads the last column, whose hash is otherwise only xored on.
  const hashed = (salt: string): string => `hash(hash(${text(`${salt} ${names}`)}, ${values}))`;
  return [hashed("a"), hashed("b")];
}

export function sumOfHashes(hashed: string): string {
  return `coalesce(sum(${hashed}), 0)::HUGEINT % 18446744073709551616::HUGEINT`;
}

/** The engine gives an empty list and a struct of NULLs the hash of NULL; their JSON tells them apart. */
function hashable({ name, type }: Column): string {
  const value = quoteName(name);
  return type.kind === "list" || type.kind === "struct" ? jsonText(value, type) : value;
}

/**
 * `algorithm:rows:sum₁:sum₂`. The algorithm names the engine's version, for with it the hash may change; whoever
 * changes how the sums are made must change the name too.
 */
export function dataVersionText(
  engineVersion: string,
  rowCount: number,
  first: bigint,
  second: bigint,
): string {
  const version = /^v?(\d+\.\d+)/.exec(engineVersion)?.[1] ?? engineVersion;
  return tableDataVersion(`duckdb-${version}`, rowCount, first, second);
}
