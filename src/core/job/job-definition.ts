import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { RetryPolicy } from "../asset/retry.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { RunHooks } from "../hook/hook.ts";
import type { JobGraph } from "../graph/graph-data.ts";
import type { PartitionDefinition } from "../partition/partitions.ts";
import type { PublishPolicy } from "../run/publish-policy.ts";
import type { AnyObject } from "../schema.ts";

/** What a job does: a graph of ops, or the assets of a selection. */
export type JobBody =
  | {
      readonly body: "graph";
      /** Built when first asked for, once. Mistakes made in the graph function are among the job's problems then. */
      readonly graph: () => JobGraph;
    }
  | {
      readonly body: "assets";
      /** As `millrace materialize` takes it. */
      readonly selection: string;
      /** Those of the selection that were given as themselves. */
      readonly assets: readonly AssetDefinition[];
    };

/** A job as data: what `job` makes and the rest of Millrace reads. The public type is a view of it. */
export interface JobDefinition {
  readonly name: string;
  readonly description?: string;
  readonly body: JobBody;
  readonly config?: AnyObject;
  readonly partitions: PartitionDefinition;
  readonly publish?: PublishPolicy;
  /** For steps that have none of their own. */
  readonly retry?: RetryPolicy;
  readonly timeoutMs?: number;
  /** Milliseconds that the steps of a run may take together. */
  readonly runTimeoutMs?: number;
  readonly hooks?: RunHooks;
  readonly tags: Readonly<Record<string, string>>;
  /** Mistakes in the definition itself, and, once it is built, in its graph. */
  readonly problems: () => readonly MillraceError[];
  readonly site: DefinitionSite;
}

const registry = definitionRegistry<JobDefinition>();

export const registerJob = registry.register;

/** Was this made by `job`? */
export const isJob = registry.has;
