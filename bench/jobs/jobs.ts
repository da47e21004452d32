import { fileURLToPath } from "node:url";
import { startPostgres } from "../../test/postgres/server.ts";
import { compared } from "../compared.ts";
import { flatness } from "../flatness.ts";
import type { Effort, Figure, Row } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild } from "../measure/run-child.ts";
import { spreadOf } from "../measure/spread.ts";
import { freshDatabase } from "../measure/fresh-database.ts";

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Milliseconds of each step of one run, in a process of its own. */
async function perStep(name: string, steps: number, ...args: readonly string[]): Promise<number> {
  const { result } = await runChild<{ milliseconds: number }>(script(name), [String(steps), ...args]);
  return result.milliseconds / steps;
}

const shapes = { fan_out: "items of a list", beside: "beside each other", chain: "in a chain" } as const;
type Shape = keyof typeof shapes;
const names = Object.keys(shapes) as readonly Shape[];

type Measured = Readonly<Record<"bare" | Shape, readonly number[]>>;

function measure(steps: number, rounds: number, { work }: Effort): Promise<Measured> {
  const ops = (shape: Shape) => (): Promise<number> => perStep("run-ops.ts", steps, shape, work.fresh());
  return interleave(rounds, {
    bare: () => perStep("bare-ops.ts", steps, work.fresh()),
    fan_out: ops("fan_out"),
    beside: ops("beside"),
    chain: ops("chain"),
  });
}

export const jobs: Figure = {
  name: "jobs",
  title: "Jobs: overhead of each trivial op of one durable run",
  async measure(effort) {
    const [few, many] = effort.quick ? [200, 1000] : [1000, 10_000];
    const fewSteps = await measure(few, effort.quick ? 2 : 5, effort);
    const manySteps = await measure(many, effort.quick ? 1 : 3, effort);
    const budget = { of: "ours", most: 0.5 } as const;
    const rows = names.flatMap((shape): Row[] => [
      compared(
        { what: `${amount(few)} ops, ${shapes[shape]}`, unit: "ms", budget },
        fewSteps[shape],
        fewSteps.bare,
      ),
      compared(
        { what: `${amount(many)} ops, ${shapes[shape]}`, unit: "ms", budget },
        manySteps[shape],
        manySteps.bare,
      ),
      flatness(`${amount(many)} ÷ ${amount(few)} ops, ${shapes[shape]}`, manySteps, fewSteps, shape),
    ]);
    return [...rows, ...(await onPostgres(few, effort.quick ? 1 : 3))];
  },
};

/** For information: a round trip to a server is no part of the budget. */
async function onPostgres(count: number, rounds: number): Promise<readonly Row[]> {
  const server = await startPostgres();
  try {
    const ops = (shape: Shape) => async (): Promise<number> =>
      perStep("run-ops.ts", count, shape, await freshDatabase(server.url));
    const measured = await interleave(rounds, { fan_out: ops("fan_out"), chain: ops("chain") });
    return (["fan_out", "chain"] as const).map((shape) => ({
      what: `${amount(count)} ops, ${shapes[shape]}, on PostgreSQL`,
      unit: "ms",
      ours: spreadOf(measured[shape]),
    }));
  } finally {
    await server.stop();
  }
}

const amount = (count: number): string => count.toLocaleString("en-US");
