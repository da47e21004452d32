import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { CatalogView } from "../../core/catalog/catalog-view.ts";
import { madeAt } from "../../core/catalog/version.ts";
import type { CodeChange } from "../../core/code/code-change.ts";
import { lineDiff, type DiffLine } from "../../core/code/line-diff.ts";
import { optionText } from "../../core/code/option-text.ts";
import type { PartitionRange } from "../../core/partition/range.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { describeCause, type StaleCause } from "../../core/plan/stale-cause.ts";
import { inputPieces, stepInputs, versionInput } from "../../core/plan/step-inputs.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import type { ProjectStatus } from "../assets/project-status.ts";

/** One thing that makes an asset stale by itself, in full. */
export interface CauseDetails {
  readonly cause: StaleCause["cause"];
  /** The same in words. */
  readonly text: string;
  /** What of the code changed; absent for other causes. */
  readonly changes?: readonly CodeChangeDetails[];
  /** What was read and what would be read; absent for other causes. */
  readonly input?: InputDetails;
}

/** A change of the code, with the lines that differ; without them where the earlier text is not kept. */
export type CodeChangeDetails = CodeChange & { readonly diff?: readonly DiffLine[] };

export interface InputDetails {
  readonly asset: string;
  /** Data versions. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The newest run among those that made what is read now; absent for an external asset. */
  readonly runId: string | undefined;
  /** When that was made, or an external asset was last seen to change. */
  readonly at: string | undefined;
}

export function causeDetails(
  cause: StaleCause,
  asset: AssetDefinition,
  range: PartitionRange,
  view: CatalogView,
  status: ProjectStatus,
  context: ControlContext,
): CauseDetails {
  const told = { cause: cause.cause, text: describeCause(cause) };
  if (cause.cause === "missing" || cause.cause === "schema changed") return told;
  if (cause.cause === "code changed") {
    return { ...told, changes: cause.changes.map((change) => changeDetails(change, context)) };
  }
  return { ...told, input: inputDetails(cause.input, asset, range, view, status, context) };
}

function changeDetails(change: CodeChange, { code }: ControlContext): CodeChangeDetails {
  if (change.change === "package") return change;
  if (change.change === "option") {
    const [before, after] = [change.before, change.after].map((side) => optionText(change.option, side));
    return { ...change, diff: lineDiff(before ?? "", after ?? "") };
  }
  const { before, after } = change;
  if (before === undefined || after === undefined) return change;
  const [from, to] = [code.text(before), code.text(after)];
  return from === undefined || to === undefined ? change : { ...change, diff: lineDiff(from, to) };
}

function inputDetails(
  key: string,
  asset: AssetDefinition,
  range: PartitionRange,
  view: CatalogView,
  status: ProjectStatus,
  { known, clock }: ControlContext,
): InputDetails {
  const made = view.exactly(knownAsset(known, asset), range)?.version;
  const before = made?.inputs?.find((input) => input.asset === key)?.dataVersion;
  const input = stepInputs(asset, range, known, clock.now()).find((read) => read.asset.key === key);
  const observed = input === undefined ? undefined : status.observed.get(input.asset);
  const place = input === undefined ? undefined : knownAsset(known, input.asset);
  const after =
    input === undefined || place === undefined
      ? undefined
      : versionInput(input, view, place, observed?.dataVersion)?.dataVersion;
  const pieces = input === undefined || place === undefined ? [] : inputPieces(input, view, place);
  const newest = pieces.map(({ version }) => version).sort((a, b) => madeAt(b) - madeAt(a))[0];
  const at = newest === undefined ? observed?.observedAt : madeAt(newest);
  return { asset: key, before, after, runId: newest?.runId, at: at === undefined ? undefined : isoTime(at) };
}
