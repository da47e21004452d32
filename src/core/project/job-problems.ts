import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import { MillraceError, type ErrorCode, type ErrorPlace } from "../errors.ts";
import { nodesOf } from "../graph/graph-nodes.ts";
import type { JobGraph } from "../graph/graph-data.ts";
import type { SelectedAssets } from "../job/asset-selection.ts";
import type { JobDefinition } from "../job/job-definition.ts";
import type { OpDefinition } from "../op/op-definition.ts";
import { parseSelection } from "../selection/parse-selection.ts";
import { evaluateSelection } from "../selection/select.ts";
import type { ProjectDefinition } from "./project.ts";
import type { ProjectGraph } from "./project-graph.ts";
import { projectOps } from "./project-ops.ts";

type Report = (
  code: ErrorCode,
  details: Readonly<Record<string, string | number>>,
  more?: { readonly place?: ErrorPlace | undefined; readonly suggestions?: readonly string[] },
) => void;

/**
 * What is wrong with jobs, with the ops that they call, and with those that nobody calls. The functions of graphs are
 * called here, the first time that anybody asks what they do.
 */
export function jobProblems(project: ProjectDefinition, graph: ProjectGraph): readonly MillraceError[] {
  const problems: MillraceError[] = [];
  const names = new Map<string, JobDefinition>();
  for (const job of project.jobs) {
    const report: Report = (code, details, { place, suggestions = [] } = {}) => {
      const where = { job: job.name, ...job.site.place, ...place };
      problems.push(new MillraceError(code, details, { place: where, suggestions }));
    };
    const namesake = names.get(job.name);
    if (namesake !== undefined) {
      report("DUPLICATE_KEY", { what: "job", key: job.name, other: String(namesake.site) });
    }
    names.set(job.name, job);
    problems.push(...job.problems());
    const { body } = job;
    if (body.body === "graph") reportMade(body.graph(), `the job ${job.name}`, graph, report);
    else reportPartitions(job, selectedAssets(body, `the job ${job.name}`, graph, report), report);
  }
  return [...problems, ...opProblems(projectOps(project), new Set(project.assets))];
}

/** Of the assets that a graph has made: that there are such, and that their steps have names of their own. */
function reportMade(body: JobGraph, what: string, graph: ProjectGraph, report: Report): void {
  const made = new Map<string, AssetDefinition>();
  for (const node of nodesOf(body)) {
    if (node.node !== "materialize") continue;
    const reportHere: Report = (code, details, more = {}) =>
      report(code, details, { ...more, place: { ...more.place, ...node.site?.place } });
    for (const asset of selectedAssets(node, what, graph, reportHere)) made.set(asset.computation.key, asset);
  }
  for (const { id: key, site } of nodesOf(body)) {
    const asset = made.get(key);
    if (asset === undefined) continue;
    const other = String(asset.site);
    report("DUPLICATE_KEY", { what: "step", key, other }, { place: site?.place });
  }
}

/** The assets to make. Terms about what holds now (`status:stale`) choose nothing yet. */
function selectedAssets(
  { selection, assets: given }: SelectedAssets,
  what: string,
  graph: ProjectGraph,
  report: Report,
): readonly AssetDefinition[] {
  const absent = given.filter((asset) => graph.byKey.get(asset.key) !== asset);
  for (const { key } of absent) report("DEPENDENCY_NOT_IN_PROJECT", { key: what, dependency: key });
  // What is wrong with an empty text was told where it was given.
  if (selection === "" || absent.length > 0) return [];
  try {
    const { assets, endpoints } = evaluateSelection(parseSelection(selection), graph, {});
    if (assets.length === 0 && endpoints.length > 0) report("SELECTION_ENDPOINTS", { selection });
    if (assets.length > 0 && assets.every(isExternal)) report("SELECTION_EXTERNAL", { selection });
    return assets;
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    report(error.code, error.details, error);
    return [];
  }
}

/** A run of one of the job's partitions makes that of each of its assets. */
function reportPartitions(job: JobDefinition, selected: readonly AssetDefinition[], report: Report): void {
  if (job.partitions.kind === "none") return;
  const other = selected.find(
    ({ partitions }) => partitions.kind !== "none" && partitions !== job.partitions,
  );
  if (other === undefined) return;
  const reason = `${other.key} is partitioned otherwise than the job`;
  report("INVALID_OPTION", { what: "job", key: job.name, reason });
}

function opProblems(
  ops: ReadonlySet<OpDefinition>,
  members: ReadonlySet<AssetDefinition>,
): readonly MillraceError[] {
  const problems: MillraceError[] = [];
  const names = new Map<string, OpDefinition>();
  for (const op of ops) {
    const { name: key, site } = op;
    const report: Report = (code, details) => {
      problems.push(new MillraceError(code, details, { place: site.place }));
    };
    problems.push(...op.problems);
    const namesake = names.get(key);
    if (namesake !== undefined) report("DUPLICATE_KEY", { what: "op", key, other: String(namesake.site) });
    names.set(key, op);
    for (const dependency of op.dependencies.values()) {
      if (members.has(dependency)) continue;
      report("DEPENDENCY_NOT_IN_PROJECT", { key: `the op ${key}`, dependency: dependency.key });
    }
  }
  return problems;
}
