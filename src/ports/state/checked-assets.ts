import type { CheckEvaluation } from "../../core/check/evaluation.ts";

/** What checks of whole assets have seen, and found (N19): it holds only if a publish makes exactly that current. */
export interface CheckedAssets {
  /** The aggregate data version that each of these assets must have after the publish; undefined: it has nothing. */
  readonly assets: readonly { readonly assetId: number; readonly dataVersion: string | undefined }[];
  /** Kept with the publish, and not without it. */
  readonly evaluations: readonly WholeEvaluation[];
}

export interface WholeEvaluation {
  /** Key of the asset that was asked about. */
  readonly asset: string;
  /** Of the run that asked; absent outside of one. */
  readonly step?: string;
  readonly evaluation: CheckEvaluation;
}
