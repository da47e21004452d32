import type { JobExplanation, RunBefore } from "../../control/jobs/explain-job.ts";
import { describeGraph } from "../../core/graph/describe-graph.ts";
import { explainGraph } from "../../core/graph/explain-graph.ts";
import { graphDiagram } from "../../core/graph/graph-diagram.ts";
import { planDiagram } from "../../core/plan/plan-diagram.ts";
import type { ProjectGraph } from "../../core/project/project-graph.ts";
import { shortId } from "../text/short-id.ts";
import { planLines } from "./plan-lines.ts";
import { section } from "./section.ts";

/** What `millrace run --explain` prints. */
export function jobExplanation({
  job,
  partition,
  graph,
  given,
  outlined,
  before,
}: JobExplanation): readonly string[] {
  const plans = outlined.filter(
    ({ outline }) => outline.steps.length + outline.blocked.length > 0 || graph === undefined,
  );
  return [
    `job ${job.name}${partition === undefined ? "" : ` [${partition}]`}`,
    ...(graph === undefined ? [] : section("steps", explainGraph(graph))),
    ...(given === undefined
      ? []
      : section(`given by run ${shortId(given.run)}, and not run`, [given.nodes.join(", ")])),
    ...plans.flatMap((plan) => section("assets", planLines(plan))),
    ...(before === undefined ? [] : ["", beforeLine(before)]),
  ];
}

function beforeLine({ runId, status, continued, done, steps }: RunBefore): string {
  const run = `run ${shortId(runId)}`;
  if (status === "at work") return `${run} of the same is at work: another one would be refused`;
  const how = status === "failure" ? "failed" : `was ${status}`;
  if (continued)
    return `${run} of the same ${how} and would be gone on with: ${done} of ${steps} steps are done, and count where their code and inputs are the same`;
  return status === "failure"
    ? `${run} of the same failed; --from-failure would go on with it`
    : `${run} of the same ${how}; a new one would be begun, for nothing of it counts`;
}

/** As a picture: the graph, or of a job over assets its plan. */
export function jobDiagram(
  { graph, outlined }: Pick<JobExplanation, "graph" | "outlined">,
  project: ProjectGraph,
): readonly string[] {
  if (graph !== undefined) return graphDiagram(graph);
  return outlined.flatMap(({ outline }) => planDiagram(outline, project));
}

/** As data. */
export function jobExplanationData({ job, partition, graph, given, plans, before }: JobExplanation): object {
  return {
    job: job.name,
    partition,
    graph: graph === undefined ? undefined : describeGraph(graph),
    given,
    plans,
    before,
  };
}
