import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Figure } from "../figure.ts";
import { runChild } from "../measure/run-child.ts";
import { spreadOf } from "../measure/spread.ts";

const script = fileURLToPath(new URL("./ask.ts", import.meta.url));

interface Measured {
  readonly apart: readonly number[];
  readonly togetherBefore: readonly number[];
  readonly packed: readonly number[];
  readonly together: readonly number[];
  readonly compacting: number;
  readonly packs: number;
}

export const compaction: Figure = {
  name: "compaction",
  title: "Compaction: a query over all partitions, beside the same rows in one file",
  async measure({ quick, work }) {
    const count = quick ? 1000 : 10_000;
    const args = [String(count), quick ? "5" : "25", work.fresh()];
    const { result } = await runChild<Measured>(script, args);
    const partitions = `${count.toLocaleString("en-US")} partitions of 100 rows`;
    return [
      compared(
        {
          what: `${partitions}, compacted into ${result.packs}`,
          unit: "ms",
          budget: { of: "ratio", most: 2 },
        },
        result.packed,
        result.together,
      ),
      compared({ what: `${partitions}, a file each`, unit: "ms" }, result.apart, result.togetherBefore),
      { what: `compacting ${partitions}`, unit: "ms", ours: spreadOf([result.compacting]) },
    ];
  },
};
