import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Effort, Figure, Row } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild } from "../measure/run-child.ts";
import { ratios, spreadOf, type Spread } from "../measure/spread.ts";
import { generateProject, type GeneratedProject } from "./generate-project.ts";

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
    const fewAssets = await measure({ assets: few, columns: usualColumns }, effort);
    const manyAssets = await measure({ assets: many, columns: usualColumns }, effort);
    const wideAssets = await measure({ assets: many, columns: manyColumns }, effort);
    const budget = { of: "ours", most: 1000 } as const;
    const growthOf = (side: keyof Measured): Spread =>
      spreadOf([spreadOf(loadingOf(manyAssets[side])).median / spreadOf(loadingOf(fewAssets[side])).median]);
    const [growth, bareGrowth] = [growthOf("millraceAgain"), growthOf("bareAgain")];
    return [
      ...loadings(`${amount(few)} assets of ${usualColumns} columns`, fewAssets, {}),
      ...loadings(`${amount(many)} assets of ${usualColumns} columns`, manyAssets, { budget }),
      ...loadings(`${amount(many)} assets of ${manyColumns} columns`, wideAssets, { budget }),
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

/** As many as assets of the example project have on average. What loading takes grows with them: zod makes each. */
const usualColumns = 5;
const manyColumns = 8;

const loadingOf = (times: readonly Times[]): number[] => times.map((each) => each.loading);

function loadings(what: string, measured: Measured, budget: Partial<Row>): Row[] {
  return [
    compared(
      { what: `${what}, first time`, unit: "ms" },
      loadingOf(measured.millraceFirst),
      loadingOf(measured.bareFirst),
    ),
    compared(
      { what: `${what}, again`, unit: "ms", ...budget },
      loadingOf(measured.millraceAgain),
      loadingOf(measured.bareAgain),
    ),
  ];
}

async function measure(project: GeneratedProject, { quick, work }: Effort): Promise<Measured> {
  const folder = work.fresh();
  generateProject(folder, project);
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
