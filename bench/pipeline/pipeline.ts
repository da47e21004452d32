import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Figure } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild, type EndedChild } from "../measure/run-child.ts";
import { example, millrace } from "../millrace-command.ts";

const bare = fileURLToPath(new URL("./bare.ts", import.meta.url));

interface Measured {
  readonly child: EndedChild<unknown>;
  /** Of each table, so that both have done the same work. */
  readonly rows: Readonly<Record<string, number>>;
}

export const pipeline: Figure = {
  name: "pipeline",
  title: "Pipeline: the flights example from nothing, model included",
  async measure({ quick, work }) {
    const measured = await interleave(quick ? 1 : 5, {
      millrace: () => materialize(work.fresh()),
      bare: () => runBare(work.fresh()),
    });
    for (const [round, { rows }] of measured.millrace.entries())
      refuseOtherRows(rows, measured.bare[round]?.rows);
    const of = (sides: readonly Measured[], number: (child: EndedChild<unknown>) => number): number[] =>
      sides.map(({ child }) => number(child));
    const seconds = (child: EndedChild<unknown>): number => child.milliseconds / 1000;
    const megabytes = (child: EndedChild<unknown>): number => child.peakBytes / 1e6;
    return [
      compared(
        { what: "the whole process", unit: "s" },
        of(measured.millrace, seconds),
        of(measured.bare, seconds),
      ),
      compared(
        { what: "peak memory", unit: "MB" },
        of(measured.millrace, megabytes),
        of(measured.bare, megabytes),
      ),
    ];
  },
};

async function materialize(folder: string): Promise<Measured> {
  const child = await runChild(millrace, ["materialize", "*", "--json"], {
    cwd: example,
    env: { MILLRACE_STATE: join(folder, "state"), MILLRACE_DATA: join(folder, "data") },
  });
  const { steps } = JSON.parse(child.output) as { steps: readonly { step: string; rowCount?: number }[] };
  const rows: Record<string, number> = {};
  for (const { step, rowCount } of steps) {
    if (rowCount === undefined) continue;
    const [asset = step] = step.split("[");
    rows[asset] = (rows[asset] ?? 0) + rowCount;
  }
  return { child, rows };
}

async function runBare(folder: string): Promise<Measured> {
  const child = await runChild<{ rows: Readonly<Record<string, number>> }>(bare, [folder]);
  return { child, rows: child.result.rows };
}

function refuseOtherRows(ours: Measured["rows"], bares: Measured["rows"] | undefined): void {
  const text = (rows: Measured["rows"] = {}): string =>
    JSON.stringify(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text(ours) !== text(bares)) throw new Error(`not the same tables: ${text(ours)} and ${text(bares)}`);
}
