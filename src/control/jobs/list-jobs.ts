import type { JsonSchema } from "../../core/config/config-json-schema.ts";
import { configJsonSchema } from "../../core/config/config-json-schema.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import { PartitionSpace } from "../../core/partition/space.ts";
import type { ControlContext } from "../control-context.ts";
import { summarizeRun, type RunSummary } from "../runs/run-summary.ts";

/** One job in a list. */
export interface JobSummary {
  readonly name: string;
  readonly description: string | undefined;
  /** How many ops its graph has; undefined of a job over assets. */
  readonly ops: number | undefined;
  /** The assets that it makes; undefined of a job with a graph. */
  readonly selection: string | undefined;
  readonly partitions: JobPartitions | undefined;
  /** Names in its own config. */
  readonly config: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** The newest one. */
  readonly lastRun: RunSummary | undefined;
}

export interface JobPartitions {
  readonly kind: "time" | "static";
  /** Of time partitions. */
  readonly unit: string | undefined;
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly count: number;
}

/** The jobs of the project, by their names. */
export async function listJobs(context: ControlContext): Promise<readonly JobSummary[]> {
  const jobs = context.project.jobs.toSorted((a, b) => a.name.localeCompare(b.name));
  return Promise.all(jobs.map((job) => summarizeJob(job, context)));
}

export async function summarizeJob(job: JobDefinition, context: ControlContext): Promise<JobSummary> {
  const { state, scope } = context;
  const { name, description, body, config, tags } = job;
  const [last] = await state.runs.list(scope, { job: name, limit: 1 });
  return {
    name,
    description,
    ops: body.body === "graph" ? body.graph().ops : undefined,
    selection: body.body === "assets" ? body.selection : undefined,
    partitions: partitionsOf(job, context),
    config: config === undefined ? [] : namesIn(configJsonSchema(config)),
    tags,
    lastRun: last === undefined ? undefined : summarizeRun(last, context),
  };
}

function partitionsOf(
  { partitions }: JobDefinition,
  { clock }: Pick<ControlContext, "clock">,
): JobPartitions | undefined {
  if (partitions.kind === "none") return undefined;
  const space = new PartitionSpace(partitions);
  const now = clock.now();
  const keyAt = (index: number): string | undefined => {
    const ordinal = space.at(index, now);
    return ordinal === undefined ? undefined : space.keyOf(ordinal);
  };
  return {
    kind: partitions.kind,
    unit: partitions.kind === "time" ? partitions.unit : undefined,
    first: keyAt(0),
    last: keyAt(-1),
    count: space.count(now),
  };
}

function namesIn({ properties }: JsonSchema): readonly string[] {
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}
