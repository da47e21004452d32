import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { JobGraph } from "../graph/graph-data.ts";
import type { StepHooks } from "../hook/hook.ts";
import type { MissingPolicy } from "../partition/missing-policy.ts";
import type { PartitionDefinition } from "../partition/partitions.ts";
import type { AnyObject } from "../schema.ts";
import type { SqlTree } from "../sql/sql-tree.ts";
import type { StepPolicy } from "../run/step-policy.ts";
import type { TriggerRule } from "../run/trigger-rule.ts";
import type { ResourceMap } from "../resource/resource-definition.ts";
import type { AssetDefinition } from "./asset-definition.ts";
import type { SourceDefinition } from "./source.ts";

export type AssetBody =
  | { readonly body: "sql"; readonly sql: SqlTree }
  | { readonly body: "run"; readonly run: (handles: object, context: object) => unknown }
  | {
      readonly body: "graph";
      /** The function as it was given; and what it came to, written down when first asked for. */
      readonly function: (context: object) => unknown;
      readonly graph: () => JobGraph;
      /** Mistakes made in it. */
      readonly problems: () => readonly MillraceError[];
    }
  | { readonly body: "external"; readonly source?: SourceDefinition };

/** What one step executes: the code that makes an asset, or several of them together. */
export interface Computation {
  /** Its steps are named after it: the key of its asset, or the name of a multi-asset. */
  readonly key: string;
  readonly body: AssetBody;
  /** Upstream assets under the names the code uses; for SQL under their own keys. */
  readonly dependencies: ReadonlyMap<string, AssetDefinition>;
  /** What the code works with, under the names that it uses. */
  readonly resources: ResourceMap;
  /** What the code can be told from outside; absent where it takes nothing. */
  readonly config?: AnyObject;
  /** Of all its outputs alike: a step makes the same partition of each. */
  readonly partitions: PartitionDefinition;
  /** How it is tried, as far as it says so itself. */
  readonly policy: StepPolicy;
  readonly hooks?: StepHooks;
  /** Given by the author instead of being derived (N8). */
  readonly codeVersion?: string;
  /** What must have become of its upstream. */
  readonly triggerRule: TriggerRule;
  /** What it does about partitions of what it reads that are not there (N24). */
  readonly missing: MissingPolicy;
  /** Never empty. */
  readonly outputs: readonly Output[];
  /** The code gives its results by the names of its outputs; otherwise it gives that of its one output. */
  readonly named: boolean;
  /** It can make some of its outputs without the others. */
  readonly subset: boolean;
  readonly site: DefinitionSite;
}

/** One asset among those that a computation makes. */
export interface Output {
  readonly name: string;
  readonly asset: AssetDefinition;
  /** May be left out of a result: what was current stays. */
  readonly optional: boolean;
}

/** An asset knows its computation, and that all its outputs: `outputs` is given what they are to refer to. */
export function defineComputation(
  facts: Omit<Computation, "outputs">,
  outputs: (computation: Computation) => readonly Output[],
): Computation {
  const made: Output[] = [];
  const computation = Object.freeze({ ...facts, outputs: made });
  made.push(...outputs(computation));
  Object.freeze(made);
  return computation;
}
