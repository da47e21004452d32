import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { Log } from "../../core/asset/run-context.ts";
import { checksOfWhole } from "../../core/check/effective-scope.ts";
import { MillraceError } from "../../core/errors.ts";
import type { MovedPlace } from "../../ports/check-runner.ts";
import type { CheckedAssets, WholeEvaluation } from "../../ports/state/checked-assets.ts";
import type { HoldTarget } from "../../ports/state/hold-store.ts";
import type { ControlContext } from "../control-context.ts";

/** A move by hand: a rollback, or a release that publishes what waits. */
export interface Move<Result> {
  /** What may move. */
  readonly targets: readonly HoldTarget[];
  /** With `checked` it takes place only if the assets become what checks have seen. @throws CHECKS_OVERTAKEN */
  run(how: { readonly dryRun: boolean; readonly checked?: CheckedAssets }): Promise<Result>;
  /** What it moves, or, dry, would move. Where two overlap, the later one wins. */
  placesOf(result: Result): Promise<readonly MovedPlace[]>;
  /** Also what no longer passes its checks. */
  readonly force: boolean;
  /** Say what checks find, and move nothing. */
  readonly dryRun: boolean;
}

/** How checks are asked that may take their time. */
export interface MoveOptions {
  readonly signal?: AbortSignal;
  /** For lines that checks log. */
  readonly logOf?: (asset: string) => Log;
}

/** What checks of whole assets say of a move. */
export interface MoveChecks {
  readonly checks: readonly MoveCheck[];
  /** Blocking checks that were asked of what moves when it was published, and are in the code no more. */
  readonly unasked: readonly { readonly asset: string; readonly check: string }[];
}

export interface MoveCheck {
  readonly asset: string;
  readonly check: string;
  readonly passed: boolean;
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  readonly description: string | undefined;
}

const ignore = (): void => undefined;
const silent: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** So often checks are asked because others publish meanwhile. */
const mostRounds = 10;

/**
 * Moves after the checks of whole assets (N19). No lock is held while these are asked: the move takes place only if the
 * assets become what they have seen; otherwise they are asked again.
 *
 * @throws CHECK_BROKEN naming every blocking check that fails, unless forced; CHECKS_OVERTAKEN
 */
export async function moveChecked<Result>(
  move: Move<Result>,
  context: ControlContext,
  { signal = new AbortController().signal, logOf = () => silent }: MoveOptions,
): Promise<MoveChecks & { readonly result: Result }> {
  const { dryRun, force } = move;
  const assets = move.targets.flatMap(({ key }) => context.graph.byKey.get(key) ?? []);
  if (!assets.some((asset) => wholeChecks(asset, context).length > 0)) {
    const result = await move.run({ dryRun });
    return { result, checks: [], unasked: await unaskedChecks(await move.placesOf(result), context) };
  }
  for (let round = 1; ; round += 1) {
    // Before the moves are decided: what is published after it is noticed.
    const { number: snapshot } = await context.state.catalog.head(context.scope);
    const proposed = await move.run({ dryRun: true });
    const places = await move.placesOf(proposed);
    const checked = await context.checker.checkMoves({ snapshot, assets, places, signal, logOf });
    const found = { checks: checked.evaluations.map(told), unasked: await unaskedChecks(places, context) };
    if (dryRun) return { result: proposed, ...found };
    if (!force) refuseBroken(checked.evaluations);
    if (signal.aborted) throw new MillraceError("CANCELED");
    try {
      return { result: await move.run({ dryRun: false, checked }), ...found };
    } catch (error) {
      const isOvertaken = error instanceof MillraceError && error.code === "CHECKS_OVERTAKEN";
      if (!isOvertaken || round === mostRounds) throw error;
    }
  }
}

function wholeChecks(asset: AssetDefinition, { project }: ControlContext) {
  return checksOfWhole(project.checks.get(asset) ?? [], asset);
}

function refuseBroken(evaluations: readonly WholeEvaluation[]): void {
  const problems = evaluations
    .filter(({ evaluation }) => isBroken(evaluation))
    .map(({ asset: key, evaluation: { check, description: found = "failed" } }) => {
      return new MillraceError("CHECK_BROKEN", { key, check, found }, { place: { asset: key } });
    });
  const [one] = problems;
  if (one !== undefined)
    throw new MillraceError(one.code, one.details, {
      place: one.place,
      problems: problems.length > 1 ? problems : [],
    });
}

/** It would keep a run from publishing. */
export function isBroken({ passed, blocking }: Pick<MoveCheck, "passed" | "blocking">): boolean {
  return !passed && blocking;
}

function told({ asset, evaluation }: WholeEvaluation): MoveCheck {
  const { check, passed, blocking, severity, description } = evaluation;
  return { asset, check, passed, blocking, severity, description };
}

async function unaskedChecks(
  places: readonly MovedPlace[],
  context: ControlContext,
): Promise<MoveChecks["unasked"]> {
  const owners = new Map(places.flatMap(({ asset, version }) => (version ? [[version.id, asset]] : [])));
  const recorded = await context.state.catalog.evaluations(context.scope, [...owners.keys()]);
  const gone = new Map<string, { asset: string; check: string }>();
  for (const { scope, blocking, versionId, check } of recorded) {
    const asset = owners.get(versionId);
    if (scope !== "asset" || !blocking || asset === undefined) continue;
    if (wholeChecks(asset, context).some(({ name }) => name === check)) continue;
    gone.set(JSON.stringify([asset.key, check]), { asset: asset.key, check });
  }
  return [...gone.values()];
}
