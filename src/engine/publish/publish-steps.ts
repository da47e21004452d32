import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { PublishResult } from "../../ports/state/run-store.ts";
import { checkWholeAssets, type StagedOutput } from "../checks/check-whole-assets.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import { rejectWhole } from "../checks/reject-whole.ts";
import { reportFailure } from "../checks/run-checks.ts";

/** What of a plan is published together. */
export interface PublishPart extends Pick<Plan, "steps" | "retired"> {
  /** Publish also what comes too late (N15). */
  readonly force: boolean;
}

export interface PublishedPart {
  /** Of all steps of the run, as they are after the checks of whole assets. */
  readonly outcomes: ReadonlyMap<string, StepOutcome>;
  /** Undefined when there was nothing to publish. */
  readonly result: PublishResult | undefined;
}

/**
 * Publishes what some steps have made, after the checks of whole assets (N19). No lock is held while these are asked:
 * the publish takes place only if the assets become what they have seen, and otherwise they are asked again. Each round
 * that comes to nothing is one in which another run has published, so somebody always gets on.
 *
 * @param made How the steps of the run have ended so far
 */
export async function publishSteps(
  part: PublishPart,
  made: ReadonlyMap<string, StepOutcome>,
  execution: Execution,
): Promise<PublishedPart> {
  const { options, lease } = execution;
  const { steps, retired: retire, force } = part;
  const outcomes = new Map(made);
  let leftOut: ReadonlySet<string> = new Set();
  for (;;) {
    const going = stagedOutputs(part, outcomes, execution).filter(({ version }) => !leftOut.has(version.id));
    const { rejections, checked, snapshot } = await checkWholeAssets(part, going, execution);
    for (const rejection of rejections) await rejectWhole(rejection, outcomes, execution);
    const versionIds = steps.flatMap(({ key }) => {
      const outcome = outcomes.get(key);
      return outcome?.outcome === "success" ? outcome.versionIds : [];
    });
    if (versionIds.length === 0 && retire.length === 0) return { outcomes, result: undefined };
    if (execution.signal.aborted) throw new MillraceError("CANCELED");
    options.crashPoints.reach("before-publish");
    const request = { versionIds, retire, force, ...(checked === undefined ? {} : { checked }) };
    const result = await options.state.runs.publish(options.scope, lease, request);
    if (result.overtaken === undefined) {
      options.crashPoints.reach("after-publish");
      for (const { step, evaluation } of checked?.evaluations ?? []) {
        if (step !== undefined) reportFailure(evaluation, step, options.report);
      }
      return { outcomes, result };
    }
    // What a rollback holds and what comes too late will not be part of the asset, so it must not be checked as if.
    const next = new Set([...result.superseded, ...result.held]);
    if (
      result.snapshot === snapshot &&
      next.size === leftOut.size &&
      [...next].every((id) => leftOut.has(id))
    ) {
      const reason = "the catalog and the checks disagree on what is to be published";
      throw new MillraceError("INTERNAL", { reason });
    }
    leftOut = next;
  }
}

/** The versions that these steps have made and that passed so far, in the order of the plan. */
export function stagedOutputs(
  { steps }: Pick<Plan, "steps">,
  outcomes: ReadonlyMap<string, StepOutcome>,
  { view, options }: Execution,
): readonly StagedOutput[] {
  return steps.flatMap((step) => {
    const outcome = outcomes.get(step.key);
    if (outcome?.outcome !== "success") return [];
    const ids = new Set(outcome.versionIds);
    return step.outputs.flatMap(({ asset }): StagedOutput[] => {
      const version = view.exactly(knownAsset(options.known, asset), step.range)?.version;
      // An earlier process of this run may have published it already.
      const staged = version?.state === "staged" && ids.has(version.id);
      return staged ? [{ step, asset, version }] : [];
    });
  });
}
