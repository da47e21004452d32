import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Figure, Row } from "../figure.ts";
import { runChild } from "../measure/run-child.ts";

interface Measured {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

export const tableStep: Figure = {
  name: "table-step",
  title: "Table step: SQL to a checked, durable version",
  async measure({ quick, work }) {
    const rows: Row[] = [];
    for (const count of quick ? [10_000] : [10_000, 1_000_000]) {
      const rounds = quick ? 3 : count > 100_000 ? 9 : 25;
      const script = fileURLToPath(new URL("./alternate.ts", import.meta.url));
      const { result } = await runChild<Measured>(script, [String(count), String(rounds), work.fresh()]);
      const what = `${count.toLocaleString("en-US")} rows, beside COPY and fsync`;
      rows.push(compared({ what, unit: "ms", budget: { of: "ratio", most: 2 } }, result.ours, result.bare));
    }
    return rows;
  },
};
