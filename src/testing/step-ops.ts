import type { AssetBody } from "../core/asset/computation.ts";
import { nodesOf } from "../core/graph/graph-nodes.ts";
import { nodeOfStep } from "../core/graph/step-names.ts";
import type { JobBody } from "../core/job/job-definition.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { StepRecord } from "../core/run/run.ts";

type OpsByNode = ReadonlyMap<string, OpDefinition>;

/** Which steps of a run are steps of an op: of the job's graph, or of a graph that makes an asset. */
export function stepsOfOp(
  op: OpDefinition,
  steps: readonly Pick<StepRecord, "key" | "outputs">[],
  { jobs, assets }: Pick<ProjectDefinition, "jobs" | "assets">,
): ReadonlySet<string> {
  const byNode = new Map(jobs.flatMap(({ body }) => [...opsOf(body)]));
  const ofAssets = new Map(assets.map(({ key, body }) => [key, opsOf(body)]));
  const owners = new Map<string, OpsByNode>();
  for (const { key, outputs } of steps) {
    const ops = outputs[0] === undefined ? undefined : ofAssets.get(outputs[0].asset);
    if (ops !== undefined && ops.size > 0) owners.set(key, ops);
  }
  const opOf = (step: string): OpDefinition | undefined => {
    // Steps of a graph that makes an asset have the name of the asset's step before theirs.
    for (let at = step.indexOf(": "); at >= 0; at = step.indexOf(": ", at + 1)) {
      const ops = owners.get(step.slice(0, at));
      if (ops !== undefined) return ops.get(nodeOfStep(step.slice(at + 2)));
    }
    return byNode.get(nodeOfStep(step));
  };
  return new Set(steps.flatMap(({ key, outputs }) => (outputs.length === 0 && opOf(key) === op ? key : [])));
}

function opsOf(body: JobBody | AssetBody): OpsByNode {
  if (body.body !== "graph") return new Map();
  return new Map(
    [...nodesOf(body.graph())].flatMap((node) => (node.node === "op" ? [[node.id, node.op] as const] : [])),
  );
}
