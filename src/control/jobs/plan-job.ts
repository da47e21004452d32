import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { MillraceError } from "../../core/errors.ts";
import { fillTemplate, refsOf } from "../../core/graph/fill-template.ts";
import { givenIds, type GraphScope, type MaterializeNode } from "../../core/graph/graph-data.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { stepEdges } from "../../core/plan/step-edges.ts";
import type { ControlContext } from "../control-context.ts";
import { chooseAssets } from "../planning/choose.ts";
import { planMaterialization, type Outlined, type Prepared } from "../planning/plan-materialization.ts";

/** What a run of a job is given, as far as its plan depends on it. */
interface Given {
  readonly config: unknown;
  readonly partition: { readonly key: string } | undefined;
}

/** What the assets in a job's graph come to. */
export interface JobPlan extends Pick<Prepared, "plan" | "observed" | "targets"> {
  /** The same by sets of partitions: one for each partition that is asked for. */
  readonly outlined: readonly Outlined[];
  /** By node: the steps that it stands for. */
  readonly materialized: ReadonlyMap<string, readonly string[]>;
  /** By node: keys of the assets. */
  readonly makes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Plans what a job's graph materializes, all of it together: what one node makes, another may read.
 *
 * @throws MATERIALIZED_TWICE, MATERIALIZE_PARTITION_LATE, and whatever planning throws
 */
export async function planJob(graph: GraphScope, given: Given, context: ControlContext): Promise<JobPlan> {
  // They stand in the job's own scope only.
  const nodes = graph.nodes.filter((node) => node.node === "materialize");
  const nodeOf = new Map<AssetDefinition, string>();
  const partitioned = new Set<MaterializeNode>();
  for (const node of nodes) {
    for (const { computation } of await chooseAssets(node.selection, context)) {
      for (const { asset } of computation.outputs) {
        const other = nodeOf.get(asset);
        if (other !== undefined && other !== node.id)
          throw new MillraceError("MATERIALIZED_TWICE", { key: asset.key, first: other, second: node.id });
        nodeOf.set(asset, node.id);
        if (asset.partitions.kind !== "none") partitioned.add(node);
      }
    }
  }
  // A plan for each partition that is asked for; as a rule there is one.
  const byPartition = Map.groupBy(nodes, (node) => partitionOf(node, partitioned.has(node), given));
  const parts: Prepared[] = [];
  for (const [partition, group] of byPartition) {
    const selection = group.map((node) => `(${node.selection})`).join(" or ");
    const partitions = partition === undefined ? {} : { partitions: { from: partition, to: partition } };
    parts.push(await planMaterialization({ selection, ...partitions }, context));
  }
  const plan = await together(parts, context);
  const steps = Map.groupBy(plan.steps, ({ outputs }) => (outputs[0] && nodeOf.get(outputs[0].asset)) ?? "");
  return {
    plan,
    outlined: parts,
    observed: new Map(parts.flatMap(({ observed }) => [...observed])),
    targets: [...new Set(parts.flatMap(({ targets }) => targets))],
    makes: new Map(
      nodes.map(({ id }) => [id, [...nodeOf].flatMap(([{ key }, of]) => (of === id ? [key] : []))]),
    ),
    materialized: new Map(nodes.map(({ id }) => [id, (steps.get(id) ?? []).map(({ key }) => key)])),
  };
}

async function together(parts: readonly Prepared[], context: ControlContext): Promise<Plan> {
  const plans = parts.map(({ plan }) => plan);
  const [only] = plans;
  if (only !== undefined && plans.length === 1) return only;
  const { state, scope, graph, known, clock } = context;
  const steps = plans.flatMap((plan) => plan.steps);
  const edgesOf = stepEdges(steps, graph, known, clock.now());
  return Object.freeze({
    selection: plans.map(({ selection }) => selection).join(" or "),
    snapshot: only?.snapshot ?? (await state.catalog.head(scope)).number,
    steps: steps.map((step) => ({ ...step, dependsOn: edgesOf(step) })),
    blocked: plans.flatMap(({ blocked }) => blocked),
    held: plans.flatMap(({ held }) => held),
    retired: only?.retired ?? [],
    fresh: plans.reduce((sum, { fresh }) => sum + fresh, 0),
  });
}

const givenTo: ReadonlySet<string> = new Set(givenIds);

/** The partition that a node asks for: that of the run, where it says nothing and some of its assets have any. */
function partitionOf(
  { id, partition }: MaterializeNode,
  isPartitioned: boolean,
  given: Given,
): string | undefined {
  if (partition === undefined) return isPartitioned ? given.partition?.key : undefined;
  const late = refsOf(partition).find(({ node }) => !givenTo.has(node));
  if (late !== undefined) throw new MillraceError("MATERIALIZE_PARTITION_LATE", { node: id, op: late.node });
  const value = fillTemplate(partition, (node) => (node === "config" ? given.config : given.partition));
  const key = typeof value === "object" && value !== null && "key" in value ? value.key : value;
  return typeof key === "string" ? key : undefined;
}
