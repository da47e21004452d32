import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { ControlContext } from "../control-context.ts";

/** Records what the code versions of these assets are made of, so that later `why` can name what changed (N8). */
export async function recordCode(assets: Iterable<AssetDefinition>, context: ControlContext): Promise<void> {
  const { state, code, codeVersionOf } = context;
  const made = new Set(assets);
  await state.code.record(new Map([...made].map((asset) => [codeVersionOf(asset), code.manifestOf(asset)])));
}

export function madeAssets({ outputs }: PlanStep): readonly AssetDefinition[] {
  return outputs.map(({ asset }) => asset);
}
