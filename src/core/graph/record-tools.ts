import { DefinitionSite } from "../definition-site.ts";
import { isRecord } from "../option-rules.ts";
import { recordBranch } from "./record-branch.ts";
import { recordMap } from "./record-map.ts";
import { refTo } from "./recorded-ref.ts";
import type { Recording } from "./recording.ts";
import { takeTemplate } from "./take-template.ts";
import type { Template } from "./graph-data.ts";

type Tool = (...given: never[]) => unknown;

/** What a graph function puts steps together with. Each tells its mistakes at the place of its call. */
export function recordTools(recording: Recording): Readonly<Record<string, Tool>> {
  const start = (name: string, tool: Tool): DefinitionSite => {
    const site = DefinitionSite.above(tool);
    recording.mustBeAtWork(name, site);
    return site;
  };
  const functionOf = (name: string, given: unknown, which: string, site: DefinitionSite): (() => unknown) => {
    if (typeof given === "function") return given as () => unknown;
    recording.report(
      "INVALID_OPTION",
      { what: "call of", key: name, reason: `${which} must be a function` },
      site,
    );
    return () => undefined;
  };
  /** A node that makes one value of others. */
  const join = (
    base: "first_of" | "or_else" | "present",
    site: DefinitionSite,
    facts: (take: (given: unknown, name: string) => Template) => object,
  ): unknown => {
    const id = recording.nameFor(base, undefined, site);
    const made = facts((given, name) => takeTemplate(recording, given, { what: id, name, site }));
    recording.add({ ...recording.base(id, site), ...made } as never);
    return refTo(id, recording.frame);
  };
  const tools: Record<string, Tool> = {
    map: function map(list: unknown, each: unknown, options?: unknown): unknown {
      const site = start("map", map);
      return recordMap(
        recording,
        list,
        functionOf("map", each, "what is done for each item", site),
        options,
        site,
      );
    },
    when: function when(condition: unknown, then: unknown, otherwise?: unknown): unknown {
      const site = start("when", when);
      const cases: Record<string, () => unknown> = {
        true: functionOf("when", then, "what is done then", site),
      };
      if (otherwise !== undefined)
        cases["false"] = functionOf("when", otherwise, "what is done otherwise", site);
      return recordBranch(recording, "when", condition, cases, site);
    },
    match: function match(on: unknown, given: unknown): unknown {
      const site = start("match", match);
      const cases = Object.entries(isRecord(given) ? given : {});
      if (cases.length === 0) {
        const reason = "it needs cases: functions by the texts that they are for";
        recording.report("INVALID_OPTION", { what: "call of", key: "match", reason }, site);
      }
      const functions = cases.map(
        ([name, work]) => [name, functionOf("match", work, `the case ${name}`, site)] as const,
      );
      return recordBranch(recording, "match", on, Object.fromEntries(functions), site);
    },
    firstOf: function firstOf(given: unknown): unknown {
      const site = start("firstOf", firstOf);
      const refs: readonly unknown[] = Array.isArray(given) ? given : [];
      if (refs.length === 0) {
        const reason = "it needs a list of refs";
        recording.report("INVALID_OPTION", { what: "call of", key: "firstOf", reason }, site);
      }
      return join("first_of", site, (take) => ({
        node: "first",
        of: Object.freeze(refs.map((ref, at) => take(ref, `refs[${at}]`))),
      }));
    },
    orElse: function orElse(ref: unknown, value: unknown): unknown {
      const site = start("orElse", orElse);
      return join("or_else", site, (take) => ({
        node: "else",
        of: take(ref, "ref"),
        otherwise: take(value, "value"),
      }));
    },
    present: function present(ref: unknown): unknown {
      const site = start("present", present);
      return join("present", site, (take) => ({ node: "present", of: take(ref, "ref") }));
    },
  };
  return tools;
}
