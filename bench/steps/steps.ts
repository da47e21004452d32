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

type Measured = Readonly<Record<"bare" | "independent" | "chain", readonly number[]>>;

function measure(steps: number, rounds: number, { work }: Effort): Promise<Measured> {
  return interleave(rounds, {
    bare: () => perStep("bare-transactions.ts", steps, work.fresh()),
    independent: () => perStep("run-steps.ts", steps, "independent", work.fresh()),
    chain: () => perStep("run-steps.ts", steps, "chain", work.fresh()),
  });
}

export const steps: Figure = {
  name: "steps",
  title: "Steps: overhead of each trivial step of one durable run",
  async measure(effort) {
    const [few, many] = effort.quick ? [200, 1000] : [1000, 10_000];
    const fewSteps = await measure(few, effort.quick ? 2 : 5, effort);
    const manySteps = await measure(many, effort.quick ? 1 : 3, effort);
    const shapes = ["independent", "chain"] as const;
    const budget = { of: "ours", most: 0.5 } as const;
    const rows = shapes.flatMap((shape): Row[] => [
      compared(
        { what: `${amount(few)} steps, ${shape}`, unit: "ms", budget },
        fewSteps[shape],
        fewSteps.bare,
      ),
      compared(
        { what: `${amount(many)} steps, ${shape}`, unit: "ms", budget },
        manySteps[shape],
        manySteps.bare,
      ),
      flatness(`${amount(many)} ÷ ${amount(few)} steps, ${shape}`, manySteps, fewSteps, shape),
    ]);
    return [...rows, ...(await onPostgres(few, effort.quick ? 1 : 3))];
  },
};

/** For information: a round trip to a server is no part of the budget. */
async function onPostgres(count: number, rounds: number): Promise<readonly Row[]> {
  const server = await startPostgres();
  try {
    const measured = await interleave(rounds, {
      independent: async () => perStep("run-steps.ts", count, "independent", await freshDatabase(server.url)),
      chain: async () => perStep("run-steps.ts", count, "chain", await freshDatabase(server.url)),
    });
    return (["independent", "chain"] as const).map((shape) => ({
      what: `${amount(count)} steps, ${shape}, on PostgreSQL`,
      unit: "ms",
      ours: spreadOf(measured[shape]),
    }));
  } finally {
    await server.stop();
  }
}

const amount = (count: number): string => count.toLocaleString("en-US");
