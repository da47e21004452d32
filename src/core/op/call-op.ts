import { stepPolicyRules } from "../asset/asset-option-rules.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { callOptions, orderRules, waitedFor } from "../graph/call-order.ts";
import { joinRules, type JoinRule } from "../graph/graph-data.ts";
import { refTo } from "../graph/recorded-ref.ts";
import { Recording } from "../graph/recording.ts";
import { takeTemplate } from "../graph/take-template.ts";
import { isRecord, oneOf, type OptionRule } from "../option-rules.ts";
import { definedPolicy, type StepPolicyOptions } from "../run/step-policy.ts";
import type { OpDefinition } from "./op-definition.ts";

interface Given extends StepPolicyOptions {
  readonly name?: unknown;
  readonly after?: unknown;
  readonly when?: JoinRule;
  readonly config?: object;
}

const callRules: Readonly<Record<keyof Given, OptionRule>> = {
  ...orderRules,
  when: oneOf(...joinRules),
  ...stepPolicyRules,
  config: { wanted: "parts of the op's config, by name", fits: isRecord },
};

/**
 * A call of an op in a graph function: a node of its graph.
 *
 * @returns a ref of what its step will give
 * @throws OP_CALLED_OUTSIDE_GRAPH
 */
export function callOp(op: OpDefinition, input: unknown, given: unknown, site: DefinitionSite): unknown {
  const recording = Recording.atWork(`The op ${op.name}`, site);
  const options = callOptions<Given>(recording, given, callRules, { what: "call of", key: op.name, site });
  const id = recording.nameFor(op.name, options.name, site);
  const what = `The step ${id}`;
  const invalid = (reason: string): void => {
    recording.report("INVALID_OPTION", { what: "step", key: id, reason }, site);
  };
  if (options.config !== undefined && op.config === undefined) invalid(`the op ${op.name} has no config`);
  const after = waitedFor(recording, options.after, what, site);
  recording.add({
    node: "op",
    ...recording.base(id, site, after),
    op,
    input: takeTemplate(recording, op.input === undefined ? undefined : input, { what, name: "input", site }),
    join: options.when ?? "all_succeeded",
    ...definedPolicy(options, invalid),
    ...(options.config === undefined
      ? {}
      : { config: takeTemplate(recording, options.config, { what, name: "config", site }) }),
  });
  return refTo(id, recording.frame);
}
