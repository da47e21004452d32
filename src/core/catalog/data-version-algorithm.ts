/** What made a data version: `sha256`, `given` by the author, or an engine with its version, as `duckdb-1.5`. */
export function algorithmOf(dataVersion: string): string {
  return dataVersion.slice(0, Math.max(0, dataVersion.indexOf(":")));
}
