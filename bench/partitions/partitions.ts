import { fileURLToPath } from "node:url";
import { startPostgres } from "../../test/postgres/server.ts";
import { compared } from "../compared.ts";
import type { Effort, Figure, Row } from "../figure.ts";
import { runChild } from "../measure/run-child.ts";
import { spreadOf } from "../measure/spread.ts";
import { freshDatabase } from "../measure/fresh-database.ts";

const script = fileURLToPath(new URL("./ask.ts", import.meta.url));
const questions = { snapshot: "snapshot read", status: "status", stalePlan: "stale plan", plan: "plan" };

type Measured = Readonly<Record<keyof typeof questions | "bare" | "publishing", readonly number[]>> & {
  readonly versions: number;
  readonly stateBytes?: number;
};

export const partitions: Figure = {
  name: "partitions",
  title: "Partitions: two assets with as many, the second made from the first",
  async measure(effort) {
    const { quick } = effort;
    const many = quick ? 100_000 : 1_000_000;
    const wide = await measure(many, many / 10, effort);
    const single = await measure(quick ? 2000 : 10_000, 1, effort);
    const budget = { of: "ours", most: 100 } as const;
    return [
      ...rows(`${amount(many)} partitions in 10 versions`, wide, { budget }),
      ...rows(`${amount(single.versions / 2)} partitions, each a version`, single, {}),
      {
        what: `published at once, ${amount(single.versions / 2)} versions, a second`,
        unit: "versions/s",
        ours: spreadOf(single.publishing),
      },
      ...(await onPostgres(effort)),
      {
        what: "state, a version",
        unit: "bytes",
        ours: spreadOf([(single.stateBytes ?? 0) / single.versions]),
      },
    ];
  },
};

async function measure(count: number, width: number, { quick, work }: Effort): Promise<Measured> {
  const args = [String(count), String(width), quick ? "3" : "9", work.fresh()];
  return (await runChild<Measured>(script, args)).result;
}

function rows(what: string, measured: Measured, about: Partial<Row>): readonly Row[] {
  return Object.entries(questions).map(([question, name]) =>
    compared(
      { what: `${what}: ${name}`, unit: "ms", ...about },
      measured[question as keyof typeof questions],
      measured.bare,
    ),
  );
}

async function onPostgres({ quick, work }: Effort): Promise<readonly Row[]> {
  const server = await startPostgres();
  try {
    const count = quick ? 1000 : 10_000;
    const args = [String(count), "1", "1", work.fresh(), await freshDatabase(server.url)];
    const { result } = await runChild<Measured>(script, args);
    const what = `published at once, ${amount(count)} versions, a second, on PostgreSQL`;
    return [{ what, unit: "versions/s", ours: spreadOf(result.publishing) }];
  } finally {
    await server.stop();
  }
}

const amount = (count: number): string => count.toLocaleString("en-US");
