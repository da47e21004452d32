import type { GraphNode, GraphScope, Template } from "../graph/graph-data.ts";
import type { JobDefinition } from "../job/job-definition.ts";
import type { OpDefinition } from "../op/op-definition.ts";
import { serialize } from "../serial/serialize.ts";
import { unreachable } from "../unreachable.ts";
import type { OwnCode } from "./own-code.ts";

/** What counts of a job: how its steps fit together, with the versions of the ops that they call; or which assets it makes. */
export function ownJobCode(
  { body, partitions }: JobDefinition,
  versionOf: (op: OpDefinition) => string,
): OwnCode {
  const work =
    body.body === "assets" ? { selection: body.selection } : { graph: scopeCode(body.graph(), versionOf) };
  return { partitions: partitions.identity, ...work };
}

function scopeCode({ nodes, output }: GraphScope, versionOf: (op: OpDefinition) => string): unknown {
  return { nodes: nodes.map((node) => nodeCode(node, versionOf)), output: templateCode(output) };
}

function nodeCode(node: GraphNode, versionOf: (op: OpDefinition) => string): unknown {
  const { node: kind, id, guard, after } = node;
  const base = { kind, id, guard, after };
  switch (node.node) {
    case "op": {
      const config = node.config && templateCode(node.config);
      return {
        ...base,
        op: versionOf(node.op),
        input: templateCode(node.input),
        triggerRule: node.triggerRule,
        config,
      };
    }
    case "map":
      return {
        ...base,
        list: templateCode(node.list),
        body: scopeCode(node.body, versionOf),
        key: node.key && String(node.key),
      };
    case "branch":
      return {
        ...base,
        on: templateCode(node.on),
        cases: Object.entries(node.cases).map(([name, of]) => [name, templateCode(of)]),
      };
    case "first":
      return { ...base, of: node.of.map(templateCode) };
    case "else":
      return { ...base, of: templateCode(node.of), otherwise: templateCode(node.otherwise) };
    case "present":
    case "input":
      return { ...base, of: templateCode(node.of) };
    case "materialize":
      return {
        ...base,
        selection: node.selection,
        partition: node.partition && templateCode(node.partition),
      };
    default:
      return unreachable(node);
  }
}

function templateCode(template: Template): unknown {
  switch (template.template) {
    case "value":
      return ["value", serialize(template.value)];
    case "ref":
      return ["ref", template.node, ...template.path];
    case "list":
      return ["list", template.items.map(templateCode)];
    case "record":
      return ["record", Object.entries(template.fields).map(([name, field]) => [name, templateCode(field)])];
    default:
      return unreachable(template);
  }
}
