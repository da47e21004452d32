import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Effort, Figure, Row } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild } from "../measure/run-child.ts";
import { ratios, spreadOf, type Spread } from "../measure/spread.ts";
import { generateProject } from "./generate-project.ts";

interface Times {
  readonly loading: number;
  readonly firstOpen: number;
  readonly secondOpen: number;
}

/** `First`: no module has been compiled before. `Again`: they have, and the command line keeps what came of it. */
type Measured = Readonly<
  Record<"millraceFirst" | "bareFirst" | "millraceAgain" | "bareAgain", readonly Times[]>
>;

export const loading: Figure = {
  name: "loading",
  title: "Loading: generated assets, from a fresh process to definitions found valid",
  async measure(effort) {
    const [few, many] = effort.quick ? [200, 1000] : [1000, 10_000];
    const fewAssets = await measure(few, effort);
    const manyAssets = await measure(many, effort);
    const budget = { of: "ours", most: 1000 } as const;
    const loadingOf = (times: readonly Times[]): number[] => times.map((each) => each.loading);
    const rows = (count: number, measured: Measured, about: Partial<Row>): Row[] => [
      compared(
        { what: `${amount(count)} assets, first time`, unit: "ms" },
        loadingOf(measured.millraceFirst),
        loadingOf(measured.bareFirst),
      ),
      compared(
        { what: `${amount(count)} assets, again`, unit: "ms", ...about },
        loadingOf(measured.millraceAgain),
        loadingOf(measured.bareAgain),
      ),
    ];
    const growthOf = (side: keyof Measured): Spread =>
      spreadOf([spreadOf(loadingOf(manyAssets[side])).median / spreadOf(loadingOf(fewAssets[side])).median]);
    const [growth, bareGrowth] = [growthOf("millraceAgain"), growthOf("bareAgain")];
    return [
      ...rows(few, fewAssets, {}),
      ...rows(many, manyAssets, { budget }),
      {
        what: `${amount(many)} ÷ ${amount(few)} assets, again`,
        unit: "×",
        ours: growth,
        floor: bareGrowth,
        ratio: ratios(growth, bareGrowth),
      },
      ...openings(few, fewAssets.millraceAgain),
      ...openings(many, manyAssets.millraceAgain),
    ];
  },
};

async function measure(assets: number, { quick, work }: Effort): Promise<Measured> {
  const folder = work.fresh();
  generateProject(folder, assets);
  const load = async (name: string): Promise<Times> => {
    rmSync(join(folder, "state"), { recursive: true, force: true });
    const script = fileURLToPath(new URL(name, import.meta.url));
    return (await runChild<Times>(script, [folder])).result;
  };
  const forget = (): void => rmSync(join(folder, "compiled"), { recursive: true, force: true });
  return interleave(quick ? 2 : 5, {
    millraceFirst: () => {
      forget();
      return load("./load-generated.ts");
    },
    millraceAgain: () => load("./load-generated.ts"),
    bareFirst: () => {
      forget();
      return load("./load-bare.ts");
    },
    bareAgain: () => load("./load-bare.ts"),
  });
}

function openings(assets: number, times: readonly Times[]): Row[] {
  return [
    {
      what: `state of ${amount(assets)} assets, opened first`,
      unit: "ms",
      ours: spreadOf(times.map((each) => each.firstOpen)),
    },
    {
      what: `state of ${amount(assets)} assets, opened again`,
      unit: "ms",
      ours: spreadOf(times.map((each) => each.secondOpen)),
    },
  ];
}

const amount = (count: number): string => count.toLocaleString("en-US");
