import { stepPolicyRules } from "../asset/asset-option-rules.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { callOptions, orderRules, waitedFor } from "../graph/call-order.ts";
import { triggerRules, type TriggerRule } from "../run/trigger-rule.ts";
import type { Template } from "../graph/graph-data.ts";
import { refTo } from "../graph/recorded-ref.ts";
import { Recording } from "../graph/recording.ts";
import { takeFitting, takeTemplate } from "../graph/take-template.ts";
import { isRecord, oneOf, type OptionRule } from "../option-rules.ts";
import { definedPolicy, type StepPolicyOptions } from "../run/step-policy.ts";
import type { AnyObject } from "../schema.ts";
import type { OpDefinition } from "./op-definition.ts";

interface Given extends StepPolicyOptions {
  readonly name?: unknown;
  readonly after?: unknown;
  readonly triggerRule?: TriggerRule;
  readonly config?: object;
}

const callRules: Readonly<Record<keyof Given, OptionRule>> = {
  ...orderRules,
  triggerRule: oneOf(...triggerRules),
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
  const taken = (
    given: unknown,
    schema: AnyObject | undefined,
    name: "input" | "config",
    code: "OP_INPUT_INVALID" | "OP_CONFIG_INVALID",
  ): Template =>
    schema === undefined
      ? takeTemplate(recording, undefined, { what, name, site })
      : takeFitting(recording, given, schema, code, { what, name, step: id, site });
  recording.add({
    node: "op",
    ...recording.base(id, site, after),
    op,
    input: taken(input, op.input, "input", "OP_INPUT_INVALID"),
    triggerRule: options.triggerRule ?? "all_success",
    ...definedPolicy(options, invalid),
    ...(options.config === undefined
      ? {}
      : { config: taken(options.config, op.config, "config", "OP_CONFIG_INVALID") }),
  });
  return refTo(id, recording.frame);
}
