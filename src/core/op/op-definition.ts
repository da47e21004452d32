import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { RetryPolicy } from "../asset/retry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { StepHooks } from "../hook/hook.ts";
import type { ResourceMap } from "../resource/resource-definition.ts";
import type { AnyObject, AnySchema } from "../schema.ts";

/** An op as data: what `op` makes and the rest of Millrace reads. The public type is a view of it. */
export interface OpDefinition {
  readonly name: string;
  readonly description?: string;
  readonly input?: AnyObject;
  /** Absent: it gives nothing. */
  readonly output?: AnySchema;
  readonly config?: AnyObject;
  /** Assets it reads, by the names its code uses. */
  readonly dependencies: ReadonlyMap<string, AssetDefinition>;
  /** What its code works with, under the names that it uses. */
  readonly resources: ResourceMap;
  readonly run: (named: object, context: object) => unknown;
  /** Absent: as the job says. */
  readonly retry?: RetryPolicy;
  readonly timeoutMs?: number;
  readonly hooks?: StepHooks;
  readonly tags: Readonly<Record<string, string>>;
  /** Given by the author instead of being derived (N8). */
  readonly codeVersion?: string;
  /** Mistakes in the definition itself, reported when the project is loaded. */
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

/** By what `op` gives: the function that authors call in graphs. */
const definitions = new WeakMap<object, OpDefinition>();

export function registerOp<F extends object>(called: F, definition: OpDefinition): F {
  definitions.set(called, Object.freeze(definition));
  return Object.freeze(called);
}

/** What `op` made of it; undefined for anything else. */
export function opDefinition(candidate: unknown): OpDefinition | undefined {
  return typeof candidate === "function" ? definitions.get(candidate) : undefined;
}
