import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { ReadablePart } from "../../core/catalog/readable-part.ts";
import { describeMismatch, schemaMismatches } from "../../core/catalog/schema-mismatch.ts";
import type { VersionBase } from "../../core/catalog/version-base.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import { previousName } from "../../core/sql/previous.ts";
import type { ReadableAsset } from "../../ports/asset-reader.ts";
import type { Execution } from "../execution.ts";
import { isThere } from "./is-there.ts";

/** What a step of an appending asset adds rows to. */
export interface AppendBase {
  readonly asset: AssetDefinition;
  /** What the run sees at the step's place; undefined when nothing is there yet. */
  readonly part: ReadablePart | undefined;
  /** All is to be made anew: the step sees nothing of what there is, and replaces it. */
  readonly fullRefresh: boolean;
}

/**
 * What a step adds to: as the run sees it, in the snapshot that it has pinned (N14). Undefined for a step that replaces.
 *
 * @throws APPEND_IMPOSSIBLE when what is there cannot be read as the asset is declared now (N6), or is damaged: its rows
 *   would be damaged in whatever goes on from it
 */
export async function appendBase(step: PlanStep, execution: Execution): Promise<AppendBase | undefined> {
  const asset = step.outputs.map((output) => output.asset).find(({ appends }) => appends);
  if (asset === undefined) return undefined;
  const { options, view, fullRefresh } = execution;
  if (fullRefresh) return { asset, part: undefined, fullRefresh };
  const version = view.exactly(knownAsset(options.known, asset), step.range)?.version;
  if (version === undefined) return { asset, part: undefined, fullRefresh };
  const refuse = (reason: string): never => {
    const details = { step: step.key, key: asset.key, reason };
    throw new MillraceError("APPEND_IMPOSSIBLE", details, { place: { asset: asset.key } });
  };
  const [mismatch] = schemaMismatches(asset, version);
  if (mismatch !== undefined) refuse(describeMismatch(mismatch));
  const { range, partition } = step;
  if (!(await isThere(version, options.store))) {
    const alone = partition === undefined ? "" : `; --partitions ${partition} makes no other partition anew`;
    refuse(`the bytes of version ${version.id} are missing or damaged${alone}`);
  }
  const part = { range, version, ...(partition === undefined ? {} : { partition }) };
  return { asset, part, fullRefresh };
}

/** It as what a reader can open: `previous` in `run`, `sql.previous` in SQL. */
export function readablePrevious(base: AppendBase | undefined): readonly ReadableAsset[] {
  if (base === undefined) return [];
  const parts = base.part === undefined ? [] : [base.part];
  return [{ name: previousName, asset: base.asset, parts, many: false }];
}

/** It as a version records it (N5). */
export function recordedBase(base: AppendBase | undefined): { readonly base?: VersionBase } {
  if (base === undefined || base.fullRefresh) return {};
  if (base.part === undefined) return { base: {} };
  const { id, rowCount } = base.part.version;
  return { base: { version: id, ...(rowCount === undefined ? {} : { rowCount }) } };
}
