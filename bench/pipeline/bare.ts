/**
 * The example's pipeline as a person would write it without Millrace: the same SQL over the same file, tables as Parquet
 * with fsync, the same trainer. No checks, versions, partitions that can be made again, or log.
 * `bare.ts <folder>`
 */
import { open, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import {
  evaluateDelayModel,
  serializeDelayModel,
  trainDelayModel,
  type Cell,
} from "../../examples/flights/model/delay-model.ts";
import { giveResult } from "../measure/give-result.ts";

const [folder = ""] = process.argv.slice(2);
const data = join(dirname(findPackageJSON("vega-datasets", import.meta.url) ?? ""), "data");
const instance = await DuckDBInstance.create(":memory:");
const duckdb = await instance.connect();
const rows: Record<string, number> = {};

async function table(name: string, query: string): Promise<void> {
  const path = join(folder, `${name}.parquet`);
  const result = await duckdb.run(
    `copy (${query}) to '${path}' (format parquet, compression zstd, row_group_size 122880, use_tmp_file false)`,
  );
  const [kind = name] = name.split("-");
  rows[kind] = (rows[kind] ?? 0) + Number(result.getChunk(0).getColumnVector(0).getItem(0));
  await sync(path);
}

async function sync(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
}

const flights = `read_parquet('${folder}/flights-*.parquet')`;
const months = [1, 2, 3, 4, 5, 6];
for (const month of months) {
  await table(
    `flights-${month}`,
    `select distinct date as departure, origin, destination, distance, delay
     from read_parquet('${data}/flights-3m.parquet')
     where date >= timestamp '2001-${month}-01' and date < timestamp '2001-${month + 1}-01' and delay between -120 and 1440
     order by departure, origin, destination, delay`,
  );
}
await table(
  "airports",
  `select * from read_csv('${data}/airports.csv', header = true)
   where iata in (select origin from ${flights} union select destination from ${flights})`,
);
await table(
  "daily_delays",
  `select cast(departure as date) as day, origin, count(*) as flights, sum(delay) / count(*) as mean_delay,
     count(*) filter (where delay > 15) / count(*) as late_share
   from ${flights} group by day, origin order by origin, day`,
);
await table(
  "route_stats",
  `select origin, destination, count(*) as flights, sum(delay) / count(*) as mean_delay, min(distance) as distance
   from ${flights} group by origin, destination order by origin, destination`,
);
for (const month of months) {
  await table(
    `delay_features-${month}`,
    `select cast(date_trunc('month', departure) as date) as month, origin, destination, hour(departure) as hour,
       isodow(departure) as weekday, count(*) as flights, count(*) filter (where delay > 15) as late
     from read_parquet('${folder}/flights-${month}.parquet') group by all order by all`,
  );
}

async function cells(condition: string): Promise<Cell[]> {
  const reader = await duckdb.runAndReadAll(
    `select origin, destination, hour, weekday, cast(sum(flights) as integer) as flights, cast(sum(late) as integer) as late
     from read_parquet('${folder}/delay_features-*.parquet') where ${condition}
     group by origin, destination, hour, weekday order by origin, destination, hour, weekday`,
  );
  return reader.getRows().map(([origin, destination, ...numbers]) => {
    const [hour = 0, weekday = 0, flights = 0, late = 0] = numbers.map(Number);
    return { origin: origin as string, destination: destination as string, hour, weekday, flights, late };
  });
}

const model = trainDelayModel(await cells("month < date '2001-06-01'"));
const metrics = evaluateDelayModel(model, await cells("month = date '2001-06-01'"));
const periods = { trained: "2001-01 to 2001-05", evaluated: "2001-06" };
const path = join(folder, "delay_model.json");
await writeFile(path, serializeDelayModel({ ...model, periods, metrics }));
await sync(path);
await sync(folder);
duckdb.closeSync();
instance.closeSync();
giveResult({ rows });
