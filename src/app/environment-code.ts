import { canonicalJson } from "../core/canonical-json.ts";
import type { OwnCode } from "../core/code/own-code.ts";
import {
  withNested,
  type ResourceDefinition,
  type ResourceMap,
} from "../core/resource/resource-definition.ts";
import { digest } from "./digest.ts";
import type { LoadedProject } from "./load-project.ts";

type CodeOf = Pick<LoadedProject, "codeVersionOf" | "endpointCodeVersionOf" | "opCodeVersionOf" | "code">;

/**
 * Code versions as they are in one environment: what data-affecting resources are configured with there is part of the
 * code that works with them (N5, N8). They are those of the loaded project where nothing is.
 *
 * @param told A resource's config as it may be kept, without its secrets
 */
export function environmentCode(loaded: CodeOf, told: (resource: ResourceDefinition) => unknown): CodeOf {
  const configsOf = (resources: ResourceMap): OwnCode | undefined => {
    if (resources.size === 0) return undefined;
    const affecting = withNested(resources.values()).filter(({ affectsData }) => affectsData);
    if (affecting.length === 0) return undefined;
    return Object.fromEntries(affecting.map((resource) => [`resource ${resource.name}`, told(resource)]));
  };
  const version = (code: string, resources: ResourceMap): string => {
    const configs = configsOf(resources);
    return configs === undefined ? code : digest(canonicalJson({ code, configs }));
  };
  return {
    codeVersionOf: (asset) => version(loaded.codeVersionOf(asset), asset.computation.resources),
    opCodeVersionOf: (op) => version(loaded.opCodeVersionOf(op), op.resources),
    endpointCodeVersionOf: (endpoint) => version(loaded.endpointCodeVersionOf(endpoint), endpoint.resources),
    code: {
      ...loaded.code,
      manifestOf(asset) {
        const manifest = loaded.code.manifestOf(asset);
        const configs = configsOf(asset.computation.resources);
        return configs === undefined ? manifest : { ...manifest, own: { ...manifest.own, ...configs } };
      },
    },
  };
}
