import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { CatalogView } from "../../core/catalog/catalog-view.ts";
import { readableParts } from "../../core/catalog/readable-part.ts";
import type { CheckDefinition } from "../../core/check/check-definition.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import { wholeRange } from "../../core/partition/range.ts";
import { unpartitioned } from "../../core/partition/partitions.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { CheckCircumstances } from "./check-context.ts";
import type { CheckSubject } from "./check-subject.ts";
import type { EngineOptions } from "../engine-options.ts";
import { evaluateChecks } from "./evaluate-checks.ts";
import { evaluationOf } from "./evaluation-of.ts";
import { factsOfPieces, readOf } from "./version-facts.ts";

/** An asset of which checks are asked as a whole. */
export interface WholeAsset {
  readonly asset: AssetDefinition;
  readonly checks: readonly CheckDefinition[];
  readonly view: CatalogView;
  /** What was current before. */
  readonly before: CatalogView;
  readonly signal: AbortSignal;
  readonly circumstances: Omit<CheckCircumstances, "snapshot" | "partition">;
  /** The version that the evaluations are attached to. */
  readonly versionId: string;
  /** Of the run that asks; absent outside of one. */
  readonly runId?: string;
}

export async function askWholeAsset(
  whole: WholeAsset,
  options: EngineOptions,
): Promise<readonly CheckEvaluation[]> {
  const { asset, checks, versionId, runId } = whole;
  const evaluated = await evaluateChecks(wholeSubject(whole, options), checks, new Map(), options);
  const run = runId === undefined ? {} : { runId };
  const about = { asset, versionId, ...run, at: options.clock.now() };
  return evaluated.map((one) => evaluationOf(one, about));
}

/** A whole asset as checks see it. */
function wholeSubject(
  { asset, view, before, signal, circumstances }: WholeAsset,
  options: EngineOptions,
): CheckSubject {
  const known = knownAsset(options.known, asset);
  const pieces = view.pieces(known);
  const former = before.pieces(known);
  const none = former.length === 0;
  return {
    asset,
    range: wholeRange,
    partitions: unpartitioned,
    parts: readableParts(pieces, known.space),
    many: true,
    view,
    facts: factsOfPieces(pieces),
    before: none ? undefined : factsOfPieces(former),
    ownReads: [readOf(asset, pieces, view.snapshot)],
    beforeReads: none ? [] : [readOf(asset, former, before.snapshot)],
    signal,
    circumstances: { ...circumstances, snapshot: view.snapshot, partition: undefined },
  };
}
