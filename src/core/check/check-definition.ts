import type { AssetDefinition } from "../asset/asset-definition.ts";
import { definitionRegistry } from "../definition-registry.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { MillraceError } from "../errors.ts";
import type { ResourceMap } from "../resource/resource-definition.ts";
import type { SqlTree } from "../sql/sql-tree.ts";

/**
 * What a check looks at: the version that a step has made, or the whole asset as it would be after the publish (N19).
 */
export type CheckScope = "partition" | "asset";

/** A check as data. It is asked before anybody can read what it looks at. */
export interface CheckDefinition {
  readonly name: string;
  readonly scope: CheckScope;
  /** A failed blocking check keeps the version from being published. */
  readonly blocking: boolean;
  /** A warning never blocks. */
  readonly severity: "warn" | "error";
  /** Milliseconds after which it has failed. */
  readonly timeoutMs: number;
  readonly rule: CheckRule;
  /** Mistakes in its options, in words; absent when there are none. */
  readonly faults?: readonly string[];
}

export type CheckRule =
  | { readonly rule: "not_null" | "unique"; readonly columns: readonly string[] }
  | { readonly rule: "accepted"; readonly column: string; readonly values: readonly (string | number)[] }
  | {
      readonly rule: "range";
      readonly column: string;
      readonly min?: number | bigint | string | Date;
      readonly max?: number | bigint | string | Date;
    }
  | { readonly rule: "row_count"; readonly min?: number; readonly max?: number }
  /** Each row's values in `columns` stand in some row of the other asset, in its columns `others`. */
  | {
      readonly rule: "references";
      readonly columns: readonly string[];
      readonly asset: AssetDefinition;
      readonly others: readonly string[];
    }
  /** The newest value of the column, or the newest version when there is none, is at most so old. */
  | { readonly rule: "freshness"; readonly column?: string; readonly maxAgeMs: number }
  /** Shares by which the number of rows may fall and grow against what was current before. */
  | { readonly rule: "row_count_change"; readonly decrease?: number; readonly increase?: number }
  | { readonly rule: "schema_unchanged" }
  /** A number that the asset keeps as metadata of its versions. */
  | { readonly rule: "metadata"; readonly key: string; readonly min?: number; readonly max?: number }
  /** Passes when the statement gives no row. */
  | { readonly rule: "no_rows"; readonly sql: SqlTree }
  | RunRule;

/** A function; the checks that it answers share one such rule. */
export interface RunRule {
  readonly rule: "run";
  readonly dependencies: ReadonlyMap<string, AssetDefinition>;
  /** What the function works with, under the names that it uses. */
  readonly resources: ResourceMap;
  readonly run: (handles: object, context: object) => unknown;
  /** Names of the checks that it answers, when it gives a result for each of several. */
  readonly names?: readonly string[];
}

/** Checks defined on their own, with the asset they are about. */
export interface AssetCheckDefinition {
  /** One, or several that one function answers. */
  readonly checks: readonly CheckDefinition[];
  readonly names: readonly string[];
  readonly rule: RunRule;
  /** Undefined only in a definition with problems. */
  readonly asset: AssetDefinition | undefined;
  readonly problems: readonly MillraceError[];
  readonly site: DefinitionSite;
}

const registry = definitionRegistry<AssetCheckDefinition>();

export const registerAssetCheck = registry.register;

export const isAssetCheck = registry.has;
