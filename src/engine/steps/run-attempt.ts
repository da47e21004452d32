import type { VersionInput, VersionRecord } from "../../core/catalog/version.ts";
import { checksOfVersions } from "../../core/check/effective-scope.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import { appendBase } from "../versions/append-base.ts";
import { configHashOf } from "../versions/config-hash.ts";
import type { Attempt, Execution, ObservedInputs, StepOutcome } from "../execution.ts";
import { intendVersions, type IntendedVersion } from "../versions/intended-version.ts";
import { makeVersions, type MadeOutput, type MadeVersions } from "../versions/make-versions.ts";
import { runChecks, type CheckedOutput } from "../checks/run-checks.ts";
import { skipStep } from "./skip-step.ts";
import { storeFull } from "../../core/store-full.ts";
import { observeInputs, recordInputs } from "./step-inputs.ts";
import { timeLimit } from "./time-limit.ts";
import { triedStep } from "./tried-step.ts";

/** One try at a step, from its intent to its commit: observe, make, check. A try that fails leaves no bytes. */
export async function runAttempt(
  step: PlanStep,
  number: number,
  started: number,
  execution: Execution,
  content?: () => Promise<unknown>,
): Promise<StepOutcome> {
  const { options, writer, view } = execution;
  using time = timeLimit(triedStep(step, execution), execution);
  const base = await appendBase(step, execution);
  const before = await observeInputs(step, execution);
  const trying: Attempt = { step, number, signal: time.signal, observed: before, base, content, execution };
  const intended = intendVersions(trying);
  const making = makeVersions(trying, intended);
  let result: MadeVersions;
  try {
    result = await time.until(making);
    await refuseMoved(step, before, execution);
  } catch (error) {
    // Once its writer has really ended: bytes that nobody will ever see need not wait for the janitor.
    void making
      .catch(() => undefined)
      .then(() => removeBytes(intended, execution))
      .catch(() => undefined);
    throw storeFull(step.key, error) ?? error;
  }
  if ("skipped" in result) {
    await skipStep(step.key, result.skipped, "author", execution);
    return { outcome: "skipped" };
  }
  const { made, omitted } = result;
  const inputs = recordInputs(step, before, execution);
  const staged = stagedChanges(trying, made, inputs);
  const versions = made.map((output) => stagedVersion(output, trying, started, inputs));
  const checked = made.map((output, index): CheckedOutput => {
    const version = versions[index];
    if (version === undefined)
      throw new MillraceError("INTERNAL", { reason: `${output.asset.key} was not made` });
    const checks = checksOfVersions(options.checksOf(output.asset), output.asset);
    return { asset: output.asset, version, checks, answers: output.answers };
  });
  const areChecked = checked.some(({ checks }) => checks.length > 0);
  // Without checks nothing can come between: staging and success share a transaction.
  if (areChecked) {
    await writer.write(staged);
    options.crashPoints.reach("after-stage");
  }
  const { changes, failure } = await time.until(runChecks(trying, checked));
  options.crashPoints.reach("after-checks");
  if (failure !== undefined) {
    const rejected = checked.map(({ asset, version }): RunChange => {
      const reason = failure.rejected.has(asset)
        ? failure.error.message
        : `it came out of the same step as ${[...failure.rejected].map(({ key }) => key).join(", ")}`;
      return { change: "version.rejected", step: step.key, asset: asset.key, versionId: version.id, reason };
    });
    await writer.write([...changes, ...rejected]);
    throw failure.error;
  }
  const changed = new Set<string>();
  for (const { asset, version } of checked) {
    const previous = view.exactly(knownAsset(options.known, asset), step.range)?.version;
    if (previous?.dataVersion !== version.dataVersion) changed.add(asset.key);
    view.stage(version);
  }
  const versionIds = versions.map(({ id }) => id);
  const left = omitted.map(({ key }) => key);
  const durable = writer.write([
    ...(areChecked ? changes : staged),
    {
      change: "step.succeeded",
      step: step.key,
      versionIds,
      ...(left.length === 0 ? {} : { omitted: left }),
    },
  ]);
  writer.follow(durable, () => {
    options.crashPoints.reach("after-step");
    const counts = versions.flatMap(({ rowCount }) => rowCount ?? []);
    options.report({
      progress: "step.succeeded",
      step: step.key,
      milliseconds: options.clock.now() - started,
      ...(counts.length === 0 ? {} : { rowCount: counts.reduce((sum, count) => sum + count, 0) }),
      unchanged: changed.size === 0,
    });
  });
  return { outcome: "success", versionIds, changed, omitted: new Set(left) };
}

function stagedVersion(
  { asset, version }: MadeOutput,
  { step, execution }: Attempt,
  createdAt: number,
  inputs: readonly VersionInput[],
): VersionRecord {
  const { options } = execution;
  const { assetId, spaceId } = knownAsset(options.known, asset);
  return {
    ...version,
    assetId,
    spaceId,
    range: step.range,
    state: "staged",
    runId: execution.runId,
    step: step.key,
    createdAt,
    stagedAt: options.clock.now(),
    codeVersion: options.codeVersionOf(asset),
    ...configHashOf(step, execution),
    inputs,
  };
}

/** What was seen and what was made, as it is written to state. */
function stagedChanges(
  { step, observed, execution }: Attempt,
  made: readonly MadeOutput[],
  inputs: readonly VersionInput[],
): RunChange[] {
  const staged = made.map(({ asset, version }): RunChange => {
    const codeVersion = execution.options.codeVersionOf(asset);
    const complete = { ...version, codeVersion, ...configHashOf(step, execution), inputs };
    return { change: "version.staged", step: step.key, asset: asset.key, version: complete };
  });
  return [...observations(observed, execution), ...staged];
}

async function removeBytes(intended: readonly IntendedVersion[], { options }: Execution): Promise<void> {
  for (const { asset, versionId } of intended) await options.store.remove(asset.key, versionId);
}

/** A file that moved while it was read may have been read half old, half new (N25). */
async function refuseMoved(step: PlanStep, before: ObservedInputs, execution: Execution): Promise<void> {
  if (before.size === 0) return;
  const after = await observeInputs(step, execution);
  for (const [key, observed] of before) {
    if (after.get(key)?.mark !== observed.mark) throw new MillraceError("EXTERNAL_MOVED", { key });
  }
}

function observations(observed: ObservedInputs, { options }: Execution): RunChange[] {
  return [...observed].map(([asset, { mark, dataVersion }]) => {
    const { assetId } = knownAsset(options.known, { key: asset });
    return { change: "asset.observed", assetId, asset, dataVersion, mark };
  });
}
