import { parseDuration } from "../duration.ts";
import { fittingOptions, flag, oneOf, text, type OptionRules } from "../option-rules.ts";
import type { CheckDefinition, CheckRule, CheckScope } from "./check-definition.ts";

/** What a failure means. A warning never blocks. */
export type CheckSeverity =
  | {
      /** "error" when absent. */
      readonly severity?: "error";
      /** True when absent: a version that fails is not published, and readers keep the last good one. */
      readonly blocking?: boolean;
    }
  | { readonly severity: "warn"; readonly blocking?: false };

/** How a check is asked, and what its failure means. */
export type CheckBehaviour = CheckSeverity & {
  /**
   * - `partition` (when absent): the version that a step has made
   * - `asset`: the whole asset as it would be after the publish. It is asked once per publish, and the publish takes
   *   place only if the asset is still what the check saw.
   */
  readonly scope?: CheckScope;
  /** Longest time it may take, "30s" or "1h"; it has failed then. "10m" when absent. */
  readonly timeout?: string;
};

export type CheckOptions = CheckBehaviour & {
  /** Made of the rule and its columns when absent. Unique within the asset. */
  readonly name?: string;
};

/** Of checks that look at what is recorded of one version. */
export type RecordCheckOptions = CheckSeverity & Pick<CheckOptions, "name">;

const defaultTimeoutMs = 600_000;

export const checkBehaviourRules = {
  blocking: flag,
  severity: oneOf("warn", "error"),
  scope: oneOf("partition", "asset"),
  timeout: {
    wanted: 'a duration such as "30s" or "10m"',
    fits: (value: unknown): boolean => typeof value === "string" && (parseDuration(value) ?? 0) > 0,
  },
} satisfies OptionRules;

const checkOptionRules = { name: text, ...checkBehaviourRules } satisfies OptionRules;

export interface AnyCheckOptions {
  readonly name?: string;
  readonly severity?: "warn" | "error";
  readonly blocking?: boolean;
  readonly scope?: CheckScope;
  readonly timeout?: string;
}

/** A check of this rule. Mistakes in the options are kept with it, to be reported with the asset's. */
export function checkOf(rule: CheckRule, name: string, given: AnyCheckOptions = {}): CheckDefinition {
  const faults: string[] = [];
  const options = fittingOptions(given, checkOptionRules, (fault) => faults.push(fault));
  const behaviour = behaviourOf(options, (fault) => faults.push(fault));
  return Object.freeze({
    name: options.name ?? name,
    ...behaviour,
    rule,
    ...(faults.length > 0 ? { faults } : {}),
  });
}

/** Options that fit their rules, with what is meant where one is absent. */
export function behaviourOf(
  { severity = "error", blocking = severity === "error", scope = "partition", timeout }: AnyCheckOptions,
  invalid: (fault: string) => void,
): Pick<CheckDefinition, "severity" | "blocking" | "scope" | "timeoutMs"> {
  if (severity === "warn" && blocking) invalid("a warning never blocks: leave out blocking, or severity");
  const timeoutMs = timeout === undefined ? defaultTimeoutMs : (parseDuration(timeout) ?? defaultTimeoutMs);
  return { scope, blocking: blocking && severity === "error", severity, timeoutMs };
}
