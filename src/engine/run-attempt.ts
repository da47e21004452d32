import { randomUUID } from "node:crypto";
import type { VersionRecord } from "../core/catalog/version.ts";
import { formatDuration } from "../core/asset/duration.ts";
import { MillraceError } from "../core/errors.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import type { RunChange } from "../ports/state/run-store.ts";
import type { Attempt, Execution, ObservedInputs, StepOutcome } from "./execution.ts";
import type { MadeVersion } from "./made-version.ts";
import { makeVersion } from "./make-version.ts";
import { runChecks } from "./run-checks.ts";
import { observeInputs, recordInputs } from "./step-inputs.ts";

/** One try at a step, from its intent to its commit: observe, make, check. A try that fails leaves no bytes. */
export async function runAttempt(
  step: PlanStep,
  number: number,
  started: number,
  execution: Execution,
): Promise<StepOutcome> {
  const { options, writer, view } = execution;
  const limit = step.asset.timeoutMs;
  const timeout = limit === undefined ? undefined : AbortSignal.timeout(limit);
  const signal = timeout === undefined ? execution.signal : AbortSignal.any([execution.signal, timeout]);
  const before = await observeInputs(step, execution);
  const trying: Attempt = { step, number, signal, observed: before, execution };
  const versionId = randomUUID();
  const making = makeVersion(trying, versionId);
  let made: MadeVersion;
  try {
    made = await untilAborted(making, signal, step, limit);
    await refuseMoved(step, before, execution);
  } catch (error) {
    // Once its writer has really ended: bytes that nobody will ever see need not wait for the janitor.
    void making
      .catch(() => undefined)
      .then(() => options.store.remove(step.asset.key, versionId))
      .catch(() => undefined);
    throw error;
  }
  const inputs = recordInputs(step, before, execution);
  const known = knownAsset(options.known, step.asset);
  const previous = view.exactly(known, step.range)?.version;
  const version: VersionRecord = {
    ...made.version,
    assetId: known.assetId,
    spaceId: known.spaceId,
    range: step.range,
    state: "staged",
    runId: execution.runId,
    step: step.key,
    createdAt: started,
    stagedAt: options.clock.now(),
    codeVersion: options.codeVersionOf(step.asset),
    inputs,
  };
  const staged: RunChange = {
    change: "version.staged",
    step: step.key,
    version: { ...made.version, codeVersion: options.codeVersionOf(step.asset), inputs },
  };
  const checks = options.checksOf(step.asset);
  // Without checks nothing can come between: staging and success share a transaction.
  if (checks.length > 0) {
    await writer.write([...observations(before, execution), staged]);
    options.crashPoints.reach("after-stage");
  }
  const { changes, failure } = await runChecks(trying, version, checks, made.answers);
  options.crashPoints.reach("after-checks");
  if (failure !== undefined) {
    await writer.write([
      ...changes,
      { change: "version.rejected", step: step.key, versionId: version.id, reason: failure.message },
    ]);
    throw failure;
  }
  view.stage(version);
  const first = checks.length > 0 ? changes : [...observations(before, execution), staged];
  const unchanged = previous?.dataVersion === version.dataVersion;
  const durable = writer.write([
    ...first,
    { change: "step.succeeded", step: step.key, versionId: version.id },
  ]);
  writer.follow(durable, () => {
    options.crashPoints.reach("after-step");
    options.report({
      progress: "step.succeeded",
      step: step.key,
      milliseconds: options.clock.now() - started,
      ...(version.rowCount === undefined ? {} : { rowCount: version.rowCount }),
      unchanged,
    });
  });
  return { outcome: "success", versionId: version.id, changed: !unchanged };
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

/** What user code gives, or the reason why nobody waits for it any longer. */
async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  step: PlanStep,
  limit: number | undefined,
): Promise<T> {
  let refuse = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    refuse = () => {
      const timedOut = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
      const details = { step: step.key, limit: formatDuration(limit ?? 0) };
      reject(timedOut ? new MillraceError("STEP_TIMED_OUT", details) : new MillraceError("CANCELED"));
    };
  });
  if (signal.aborted) refuse();
  signal.addEventListener("abort", refuse, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", refuse);
  }
}
