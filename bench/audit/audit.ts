import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Figure, Row } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild, type EndedChild } from "../measure/run-child.ts";

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

type Measured = EndedChild<{ readonly milliseconds: number; readonly rowCount: number }>;

export const audit: Figure = {
  name: "audit",
  title: "Audit: data version and checks of a table, read back from its file",
  async measure({ quick, work }) {
    const rows = quick ? 1_000_000 : 10_000_000;
    const path = join(work.fresh(), "rows.parquet");
    await runChild(script("./write-table.ts"), [String(rows), path]);
    const audited = (asked: string) => (): Promise<Measured> =>
      runChild(script("./audit-table.ts"), [asked, path]);
    const measured = await interleave(quick ? 2 : 7, {
      scan: (): Promise<Measured> => runChild(script("./scan-table.ts"), [path]),
      version: audited("version"),
      counted: audited("counted"),
      grouped: audited("grouped"),
    });
    const all = Object.values(measured).flat();
    const wrong = all.find(({ result }) => result.rowCount !== rows);
    if (wrong !== undefined) throw new Error(`${wrong.result.rowCount} rows were read of ${rows}`);
    const beside = (what: string, side: "version" | "counted" | "grouped"): Row[] => [
      compared({ what, unit: "ms" }, measured[side].map(milliseconds), measured.scan.map(milliseconds)),
      compared(
        { what: `${what}: peak memory of the process`, unit: "MB" },
        measured[side].map(megabytes),
        measured.scan.map(megabytes),
      ),
    ];
    const named = `${rows.toLocaleString("en-US")} rows`;
    return [
      ...beside(`${named}, data version`, "version"),
      ...beside(`${named}, and five checks in the same pass`, "counted"),
      ...beside(`${named}, and that a column is unique`, "grouped"),
    ];
  },
};

const milliseconds = ({ result }: Measured): number => result.milliseconds;
const megabytes = ({ peakBytes }: Measured): number => peakBytes / 1e6;
