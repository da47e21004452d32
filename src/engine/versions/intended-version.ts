import { randomUUID } from "node:crypto";
import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { Attempt } from "../execution.ts";

/** A version that an attempt may write. */
export interface IntendedVersion {
  readonly asset: AssetDefinition;
  readonly versionId: string;
}

/** Names for what a step may write, one for each of its outputs. */
export function intendVersions({ step }: Pick<Attempt, "step">): readonly IntendedVersion[] {
  return step.outputs.map(({ asset }) => ({ asset, versionId: randomUUID() }));
}
