import { fileURLToPath } from "node:url";
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";

// The package exports its code only, which lies in build/, beside data/.
const file = fileURLToPath(new URL("../data/flights-3m.parquet", import.meta.resolve("vega-datasets")));

/** What the report should count, by "SFO 2001-01": from the same file by other means, without DuckDB and Millrace. */
export async function departures(): Promise<
  ReadonlyMap<string, { flights: number; delay: number; late: number }>
> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const counts = new Map<string, { flights: number; delay: number; late: number }>();
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    await parquetRead({
      file: buffer,
      metadata,
      compressors,
      columns: ["date", "delay", "origin"],
      rowStart,
      rowEnd,
      onComplete(rows) {
        for (const [date, delay, origin] of rows as unknown as [Date, bigint | number, string][]) {
          const minutes = Number(delay);
          if (date.getTime() >= Date.UTC(2001, 6) || minutes < -120 || minutes > 1_440) continue;
          const key = `${origin} ${date.toISOString().slice(0, 7)}`;
          const count = counts.get(key) ?? { flights: 0, delay: 0, late: 0 };
          counts.set(key, count);
          count.flights += 1;
          count.delay += minutes;
          if (minutes > 15) count.late += 1;
        }
      },
    });
    rowStart = rowEnd;
  }
  return counts;
}
