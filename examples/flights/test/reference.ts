import { fileURLToPath } from "node:url";
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { AlikeFlights } from "./reference-model.ts";

/**
 * What the pipeline should find, computed a second time from the same file by other means: no DuckDB, no Millrace and
 * no code of the example, but a Parquet reader in JavaScript, a loop and maps.
 */
export interface Reference {
  readonly rawFlights: number;
  /** Why rows of the file are not counted: the first reason that fits. */
  readonly leftOut: {
    readonly afterJune: number;
    readonly impossibleDelay: number;
    readonly duplicate: number;
  };
  readonly flightsByMonth: Readonly<Record<string, number>>;
  readonly lateByMonth: Readonly<Record<string, number>>;
  readonly airports: readonly string[];
  /** By origin, then day. */
  readonly dailyDelays: readonly DailyDelay[];
  /** By origin, then destination. */
  readonly routes: readonly Route[];
  /** Of January to May. */
  readonly alikeFlights: AlikeFlights;
}

interface DailyDelay {
  readonly day: string;
  readonly origin: string;
  readonly flights: number;
  readonly mean_delay: number;
  readonly late_share: number;
}

interface Route {
  readonly origin: string;
  readonly destination: string;
  readonly flights: number;
  readonly mean_delay: number;
  readonly distance: number;
}

class Total {
  flights = 0;
  delay = 0;
  late = 0;

  add(delay: number): void {
    this.flights += 1;
    this.delay += delay;
    if (delay > 15) this.late += 1;
  }
}

export async function computeReference(): Promise<Reference> {
  let rawFlights = 0;
  const leftOut = { afterJune: 0, impossibleDelay: 0, duplicate: 0 };
  const byMonth = new Map<string, Total>();
  const byDay = new Map<string, Total>();
  const byRoute = new Map<string, Total>();
  const distances = new Map<string, number>();
  const alike = new Map<string, Total>();
  const seen = new Set<number>();
  const places = new Map<string, number>();

  for await (const { date, delay, distance, origin, destination } of readRowGroups()) {
    for (const [i, departure] of date.entries()) {
      rawFlights += 1;
      const [minutes, miles] = [Number(delay[i]), Number(distance[i])];
      const route = `${origin[i]} ${destination[i]}`;
      if (departure.getTime() >= Date.UTC(2001, 6)) {
        leftOut.afterJune += 1;
        continue;
      }
      if (minutes < -120 || minutes > 1440) {
        leftOut.impossibleDelay += 1;
        continue;
      }

      // All five columns in one number: a set of three million texts would take a gigabyte.
      const place = indexOf(places, `${route} ${miles}`);
      const time = (departure.getTime() - Date.UTC(2001)) / 60_000;
      const identity = (time * 10_000 + place) * 2_000 + minutes + 200;
      if (seen.has(identity)) {
        leftOut.duplicate += 1;
        continue;
      }
      seen.add(identity);

      const day = dayOf(departure);
      totalOf(byMonth, day.slice(0, 7)).add(minutes);
      totalOf(byDay, `${origin[i]} ${day}`).add(minutes);
      totalOf(byRoute, route).add(minutes);
      if (day < "2001-06-01") {
        totalOf(alike, `${route} ${departure.getUTCHours()} ${departure.getUTCDay()}`).add(minutes);
      }
      distances.set(route, miles);
    }
  }

  return {
    rawFlights,
    leftOut,
    lateByMonth: Object.fromEntries([...byMonth].map(([month, { late }]) => [month, late])),
    flightsByMonth: Object.fromEntries([...byMonth].map(([month, { flights }]) => [month, flights])),
    airports: [...new Set([...byRoute.keys()].flatMap((route) => route.split(" ")))].sort(),
    dailyDelays: inOrder(byDay, (origin, day, { flights, delay, late }) => {
      return { day, origin, flights, mean_delay: delay / flights, late_share: late / flights };
    }),
    routes: inOrder(byRoute, (origin, destination, { flights, delay }) => {
      const distance = distances.get(`${origin} ${destination}`) ?? Number.NaN;
      return { origin, destination, flights, mean_delay: delay / flights, distance };
    }),
    alikeFlights: {
      departures: [...alike.keys()].map((key) => {
        const [origin = "", destination = "", hour, weekday] = key.split(" ");
        return { origin, destination, hour: Number(hour), weekday: Number(weekday) };
      }),
      flights: [...alike.values()].map(({ flights }) => flights),
      late: [...alike.values()].map(({ late }) => late),
    },
  };
}

function totalOf(totals: Map<string, Total>, key: string): Total {
  const total = totals.get(key) ?? new Total();
  totals.set(key, total);
  return total;
}

function inOrder<T>(totals: ReadonlyMap<string, Total>, row: (a: string, b: string, total: Total) => T): T[] {
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, total]) => row(key.slice(0, 3), key.slice(4), total));
}

function indexOf(indices: Map<string, number>, name: string): number {
  const index = indices.get(name) ?? indices.size;
  indices.set(name, index);
  return index;
}

const days = new Map<number, string>();

function dayOf(time: Date): string {
  const number = Math.floor(time.getTime() / 86_400_000);
  const known = days.get(number);
  if (known !== undefined) return known;
  const day = time.toISOString().slice(0, 10);
  days.set(number, day);
  return day;
}

class RowGroup {
  readonly date: Date[] = [];
  readonly delay: bigint[] = [];
  readonly distance: bigint[] = [];
  readonly origin: string[] = [];
  readonly destination: string[] = [];
}

/** Group by group, which keeps memory small. */
async function* readRowGroups(): AsyncGenerator<RowGroup> {
  // The package exports its code only, which lies in build/, beside data/.
  const path = fileURLToPath(new URL("../data/flights-3m.parquet", import.meta.resolve("vega-datasets")));
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const group = new RowGroup();
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart,
      rowEnd,
      onChunk: ({ columnName, columnData }) => Object.assign(group, { [columnName]: columnData }),
    });
    yield group;
    rowStart = rowEnd;
  }
}
