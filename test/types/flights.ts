/** Definitions that the type tests build on. */
import { asset, externalAsset, fileType, partitions, source, sql } from "millrace";
import * as z from "zod";

export const Flight = z.object({
  departure: z.date(),
  origin: z.string(),
  delay: z.int().nullable(),
  status: z.enum(["ok", "late"]),
});
export const DailyDelay = z.object({
  day: z.iso.date(),
  origin: z.string(),
  flights: z.int(),
  mean_delay: z.number(),
});
export interface FlightRow {
  departure: Date;
  origin: string;
  delay: number | null;
  status: "ok" | "late";
}
export interface DailyDelayRow {
  day: string;
  origin: string;
  flights: number;
  mean_delay: number;
}

export const months = partitions.monthly({ start: "2001-01", end: "2001-06" });
export const days = partitions.daily({ start: "2001-01-01" });
export const regions = partitions.static(["eu", "us"]);

export const rawFlights = externalAsset("raw_flights", {
  columns: Flight,
  source: source.parquet("data/flights.parquet"),
});
export const flights = asset("flights", {
  columns: Flight,
  partitions: months,
  sql: sql`select * from ${rawFlights} where departure >= ${months.start} and departure < ${months.end}`,
});
export const dailyDelays = asset("daily_delays", {
  columns: DailyDelay,
  sql: sql`select origin, count(*) as flights from ${flights} group by all`,
});
export const threshold = asset("threshold", { value: z.object({ n: z.int() }), run: () => ({ n: 3 }) });
export const perRegion = asset("per_region", { value: z.number(), partitions: regions, run: () => 1 });

export interface Model {
  predict(features: readonly number[]): number;
}
export const ModelFile = fileType({
  extension: "json",
  load: async (file): Promise<Model> => {
    const weight = Number(await file.text());
    return { predict: (features) => features.length * weight };
  },
});
export const model = asset("model", {
  file: ModelFile,
  deps: { dailyDelays },
  run: async ({ dailyDelays }) => JSON.stringify(await dailyDelays.rows()),
});
export const reportFile = asset("report", { file: "application/pdf", run: () => new Uint8Array() });
