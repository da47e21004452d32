import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { OpDefinition } from "../op/op-definition.ts";
import type { RetryPolicy } from "../asset/retry.ts";
import type { TriggerRule } from "../run/trigger-rule.ts";
import type { AnySchema } from "../schema.ts";

/**
 * A structure in which values are still to come: what an op, a map or a graph is given, and what a graph gives back.
 */
export type Template =
  | { readonly template: "value"; readonly value: unknown }
  /** What a node has come to, or a part of it: `path` are the fields and indexes on the way. */
  | { readonly template: "ref"; readonly node: string; readonly path: readonly string[] }
  | { readonly template: "list"; readonly items: readonly Template[] }
  | { readonly template: "record"; readonly fields: Readonly<Record<string, Template>> };

/**
 * A node runs only if the branch it stands in was taken; a branch is itself guarded by the one around it. Both are of one
 * scope: what stands in a map within a branch is guarded by way of the map.
 */
export interface Guard {
  /** Id of the branch node. */
  readonly branch: string;
  /** "true" or "false" of a `when`, the case's name of a `match`. */
  readonly case: string;
}

interface NodeBase {
  /**
   * Its name, unique in the job: `fetch_page`, `clean.fetch_page` in a nested graph. Its steps are named so, with the
   * keys of the items around it: `fetch_page[3][LAX]`.
   */
  readonly id: string;
  /** The innermost branch that it stands in. */
  readonly guard?: Guard;
  /** Ids of nodes that must have ended before, whatever it is given. */
  readonly after: readonly string[];
  /** Where its author called it, for messages. */
  readonly site?: DefinitionSite;
}

/** One call of an op: a step of its own, for each item of the maps around it. */
export interface OpNode extends NodeBase {
  readonly node: "op";
  readonly op: OpDefinition;
  /** The value undefined for an op that is given nothing. */
  readonly input: Template;
  readonly triggerRule: TriggerRule;
  /** Of this call, over the op's. */
  readonly retry?: RetryPolicy;
  readonly timeoutMs?: number;
  /** The op's config for this call; absent: as the run says. */
  readonly config?: Template;
}

/** One scope for each item of a list. In it, `<id>.item` and `<id>.index` stand for the item and its place. */
export interface MapNode extends NodeBase {
  readonly node: "map";
  readonly list: Template;
  readonly body: GraphScope;
  /** Items at work at once; no limit of its own when absent. */
  readonly concurrency?: number;
  /** Names an item; its place when absent. */
  readonly key?: (item: unknown) => unknown;
}

/** A decision: nodes that are guarded by it run where the case is theirs. Its own value is that of the case's result. */
export interface BranchNode extends NodeBase {
  readonly node: "branch";
  readonly on: Template;
  /** "true" and "false" for `when`; without a result for a case, whatever reads the node is skipped. */
  readonly cases: Readonly<Record<string, Template>>;
}

/** The first of several that was not skipped. */
export interface FirstNode extends NodeBase {
  readonly node: "first";
  readonly of: readonly Template[];
}

/** What was given, or a value where that was skipped. */
export interface ElseNode extends NodeBase {
  readonly node: "else";
  readonly of: Template;
  readonly otherwise: Template;
}

/** What was given, skipped where that is undefined or null. */
export interface PresentNode extends NodeBase {
  readonly node: "present";
  readonly of: Template;
}

/** What a nested graph is given, once parsed by its schema. */
export interface InputNode extends NodeBase {
  readonly node: "input";
  /** The graph's name, for messages. */
  readonly graph: string;
  readonly of: Template;
  readonly schema: AnySchema;
}

/** Steps that materialize assets. In the job's own scope only. */
export interface MaterializeNode extends NodeBase {
  readonly node: "materialize";
  /** As `millrace materialize` takes it. */
  readonly selection: string;
  /** Those of the selection that were given as themselves. */
  readonly assets: readonly AssetDefinition[];
  readonly partition?: Template;
}

export type GraphNode =
  | OpNode
  | MapNode
  | BranchNode
  | FirstNode
  | ElseNode
  | PresentNode
  | InputNode
  | MaterializeNode;

/**
 * Nodes in the order in which they were called: each refers to earlier ones, of its own scope or of one around it. Only
 * the cases of a branch refer to what comes after it: what was called in them.
 */
export interface GraphScope {
  readonly nodes: readonly GraphNode[];
  readonly output: Template;
}

/** Ids that are there without a node: what the run was given. */
export const givenIds = ["config", "partition"] as const;

/** What a graph function came to, frozen: printed, explained and executed from here. */
export interface JobGraph extends GraphScope {
  /** How many op nodes there are, those in the bodies of maps included. */
  readonly ops: number;
}
