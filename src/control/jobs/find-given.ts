import { MillraceError } from "../../core/errors.ts";
import type { GraphScope } from "../../core/graph/graph-data.ts";
import { nodesAbove } from "../../core/graph/nodes-above.ts";
import type { PartOfGraph } from "../../core/graph/part-of-graph.ts";
import { nodeOfStep } from "../../core/graph/step-names.ts";
import type { StepRecord } from "../../core/run/run.ts";
import type { GivenSteps } from "../../ports/job-work.ts";
import type { ControlContext } from "../control-context.ts";

/** Who wants values that are older than so many runs of the job had better make them anew. */
const runsLookedAt = 20;

/**
 * The newest run of a job, for the same partition, that has all that a part of its graph is given. Undefined where the
 * part is given nothing.
 *
 * @throws JOB_STEP_NEEDED when no run has it
 */
export async function findGiven(
  part: PartOfGraph,
  whole: GraphScope,
  { job, partition }: { readonly job: string; readonly partition: string | undefined },
  context: Pick<ControlContext, "state" | "scope">,
): Promise<GivenSteps | undefined> {
  if (part.given.size === 0) return undefined;
  const listed = await context.state.runs.list(context.scope, { job, limit: runsLookedAt });
  const runs = listed.filter(({ asked }) => asked?.partition === partition);
  let lacking: string | undefined;
  for (const { id } of runs) {
    const found = await givenBy(id, part, whole, context);
    if (found.lacking === undefined) return found.given;
    lacking ??= found.lacking;
  }
  const [step = ""] = lacking === undefined ? part.given : [nodeOfStep(lacking)];
  throw new MillraceError("JOB_STEP_NEEDED", { step, node: step, job });
}

/** What one run has of that, and a step that it lacks. */
export async function givenBy(
  run: string,
  { graph: part, given }: PartOfGraph,
  whole: GraphScope,
  { state }: Pick<ControlContext, "state">,
): Promise<{ readonly given: GivenSteps; readonly lacking: string | undefined }> {
  const steps = await state.runs.steps(run);
  const broken = new Set(steps.flatMap(({ key, status }) => (isDone(status) ? [] : [nodeOfStep(key)])));
  const wanted = steps.filter(({ key }) => given.has(nodeOfStep(key)));
  const ended = new Map(wanted.flatMap((step) => endOf(step, whole, broken)));
  // Those of a map have no step where its list was empty.
  const always = part.nodes.flatMap(({ id }) => (given.has(id) ? [id] : []));
  const lacking = wanted.find(({ key }) => !ended.has(key))?.key ?? always.find((id) => !ended.has(id));
  return { given: { run, nodes: given, ended }, lacking };
}

function isDone(status: StepRecord["status"]): boolean {
  return status === "success" || status === "skipped";
}

/** @param broken Nodes with steps that have not ended, or not well: what was skipped below one was not reached */
function endOf(
  { key, status, skipped, versions }: StepRecord,
  whole: GraphScope,
  broken: ReadonlySet<string>,
): readonly (readonly [string, "success" | "skipped"])[] {
  // What it gave is forgotten together with what it was given.
  if (status === "success") return versions === undefined ? [] : [[key, status]];
  if (status !== "skipped" || skipped === "dropped") return [];
  const reached =
    skipped !== "upstream" || ![...nodesAbove(whole, nodeOfStep(key))].some((id) => broken.has(id));
  return reached ? [[key, status]] : [];
}
