/**
 * The data version of a table (N3): `algorithm:rows:sum₁:sum₂`, two sums of row hashes modulo 2⁶⁴. Sums, so that the
 * order of rows does not matter, and so that of two tables the data version of both together is known without a look at
 * any row.
 */
export function tableDataVersion(algorithm: string, rows: number, first: bigint, second: bigint): string {
  const hex = (sum: bigint): string => BigInt.asUintN(64, sum).toString(16).padStart(16, "0");
  return `${algorithm}:${rows}:${hex(first)}:${hex(second)}`;
}

/** That of the rows of both. Undefined where they were not counted alike, so that they have to be counted anew. */
export function joinedDataVersion(one: string, other: string): string | undefined {
  const [a, b] = [parsed(one), parsed(other)];
  if (a === undefined || b === undefined || a.algorithm !== b.algorithm) return undefined;
  return tableDataVersion(a.algorithm, a.rows + b.rows, a.first + b.first, a.second + b.second);
}

interface Counted {
  readonly algorithm: string;
  readonly rows: number;
  readonly first: bigint;
  readonly second: bigint;
}

function parsed(dataVersion: string): Counted | undefined {
  const [, algorithm, rows, first, second] =
    /^([^:]+):(\d+):([0-9a-f]{16}):([0-9a-f]{16})$/.exec(dataVersion) ?? [];
  // What an author gives is text that may look like anything.
  if (algorithm === undefined || algorithm === "given") return undefined;
  return { algorithm, rows: Number(rows), first: BigInt(`0x${first}`), second: BigInt(`0x${second}`) };
}
