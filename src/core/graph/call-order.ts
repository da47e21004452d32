import type { DefinitionSite } from "../definition-site.ts";
import { anything, fittingOptions, type OptionRule } from "../option-rules.ts";
import { nodesIn } from "./node-refs.ts";
import type { Recording } from "./recording.ts";
import { takeTemplate } from "./take-template.ts";

/** Options that every call takes. What is no name is told in words of its own. */
export const orderRules: Readonly<Record<"name" | "after", OptionRule>> = { name: anything, after: anything };

/** The options of a call as far as they fit; what is wrong with the others is told. */
export function callOptions<Options extends object>(
  recording: Recording,
  given: unknown,
  rules: Readonly<Record<keyof Options & string, OptionRule>>,
  { what, key, site }: { readonly what: string; readonly key: string; readonly site: DefinitionSite },
): Options {
  const invalid = (reason: string): void => {
    recording.report("INVALID_OPTION", { what, key, reason }, site);
  };
  return fittingOptions((given ?? {}) as Options, rules, invalid);
}

/** Ids of the nodes to wait for. The config and a map's items are there anyway. */
export function waitedFor(
  recording: Recording,
  after: unknown,
  what: string,
  site: DefinitionSite,
): readonly string[] {
  if (after === undefined) return [];
  return nodesIn([takeTemplate(recording, after, { what, name: "after", site })], (id) =>
    recording.isNode(id),
  );
}
