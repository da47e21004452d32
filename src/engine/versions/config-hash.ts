import { createHash } from "node:crypto";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { withNested, type ResourceMap } from "../../core/resource/resource-definition.ts";
import type { Execution } from "../execution.ts";

/** What a version records of the config it was made with, its own and that of data-affecting resources (N5). */
export function configHashOf(
  { computation }: Pick<PlanStep, "computation">,
  { config }: Pick<Execution, "config">,
): { readonly configHash?: string; readonly resourceHash?: string } {
  const given = config.assets.get(computation.key);
  const resources = resourceIdentity(computation.resources, config);
  return {
    ...(given === undefined || computation.config === undefined ? {} : { configHash: hash(given.identity) }),
    ...(resources === undefined ? {} : { resourceHash: hash(resources) }),
  };
}

/** Undefined where none of them affects data. */
function resourceIdentity(
  resources: ResourceMap,
  { resources: configs }: Execution["config"],
): string | undefined {
  if (resources.size === 0) return undefined;
  const affecting = withNested(resources.values()).filter(({ affectsData }) => affectsData);
  if (affecting.length === 0) return undefined;
  return canonicalJson(
    Object.fromEntries(affecting.map(({ name }) => [name, configs.get(name)?.identity ?? null])),
  );
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
