import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compared } from "../compared.ts";
import type { Effort, Figure, Row } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild } from "../measure/run-child.ts";
import { ratios, spreadOf } from "../measure/spread.ts";
import { generateProject } from "./generate-project.ts";

interface Times {
  readonly loading: number;
  readonly firstOpen: number;
  readonly secondOpen: number;
}

interface Measured {
  readonly millrace: readonly Times[];
  readonly bare: readonly Times[];
}

export const loading: Figure = {
  name: "loading",
  title: "Loading: generated assets, from a fresh process to definitions found valid",
  async measure(effort) {
    const [few, many] = effort.quick ? [200, 1000] : [1000, 10_000];
    const fewAssets = await measure(few, effort);
    const manyAssets = await measure(many, effort);
    const budget = { of: "ours", most: 1000 } as const;
    const loadingOf = (times: readonly Times[]): number[] => times.map((each) => each.loading);
    const row = (count: number, { millrace, bare }: Measured, about: Partial<Row>): Row =>
      compared(
        { what: `${amount(count)} assets`, unit: "ms", ...about },
        loadingOf(millrace),
        loadingOf(bare),
      );
    const ofFew = row(few, fewAssets, {});
    const ofMany = row(many, manyAssets, { budget });
    const growth = spreadOf([ofMany.ours.median / ofFew.ours.median]);
    const bareGrowth = spreadOf([(ofMany.floor?.median ?? 0) / (ofFew.floor?.median ?? 0)]);
    return [
      ofFew,
      ofMany,
      {
        what: `${amount(many)} ÷ ${amount(few)} assets`,
        unit: "×",
        ours: growth,
        floor: bareGrowth,
        ratio: ratios(growth, bareGrowth),
      },
      ...openings(few, fewAssets.millrace),
      ...openings(many, manyAssets.millrace),
    ];
  },
};

async function measure(assets: number, { quick, work }: Effort): Promise<Measured> {
  const folder = work.fresh();
  generateProject(folder, assets);
  const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  return interleave(quick ? 2 : 7, {
    millrace: async () => {
      rmSync(join(folder, "state"), { recursive: true, force: true });
      return (await runChild<Times>(script("./load-generated.ts"), [folder])).result;
    },
    bare: async () => (await runChild<Times>(script("./load-bare.ts"), [folder])).result,
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
