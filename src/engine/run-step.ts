import { randomUUID } from "node:crypto";
import type { VersionRecord } from "../core/catalog/version.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import { staleCauses } from "../core/plan/stale-cause.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import { retryDelay } from "../core/asset/retry.ts";
import { formatDuration } from "../core/asset/duration.ts";
import type { RunChange } from "../ports/state/run-store.ts";
import type { Attempt, Execution, ObservedInputs, StepOutcome } from "./execution.ts";
import type { MadeVersion } from "./made-version.ts";
import { makeVersion } from "./make-version.ts";
import { runChecks } from "./run-checks.ts";
import { observeInputs, recordInputs } from "./step-inputs.ts";

/** Errors that another try cannot mend: the same code on the same data gives the same result. */
const final: ReadonlySet<string> = new Set([
  "RESULT_MISMATCH",
  "VALUE_INVALID",
  "CHECK_FAILED",
  "SQL_UNKNOWN_TABLE",
  "SQL_NOT_A_SELECT",
  "SQL_READS_OUTSIDE",
  "RUN_LOST",
  "RUN_CLAIMED",
]);

/**
 * Runs a step to its end: attempts, waits between them, checks. Resolves when its outcome is decided and handed to the
 * writer; whatever comes later in the run is committed after it, never before.
 */
export async function runStep(
  step: PlanStep,
  upstreamChanged: boolean,
  execution: Execution,
): Promise<StepOutcome> {
  const { options, writer } = execution;
  const unchanged = await skipUnchanged(step, upstreamChanged, execution);
  if (unchanged !== undefined) return unchanged;
  const { retry } = step.asset;
  for (let number = 1; ; number += 1) {
    const started = options.clock.now();
    options.crashPoints.reach("before-intent");
    try {
      return await attempt(step, number, started, execution);
    } catch (thrown) {
      const error = execution.signal.aborted ? new MillraceError("CANCELED") : thrown;
      const code = error instanceof MillraceError ? error.code : "STEP_FAILED";
      const canceled = execution.signal.aborted;
      if (code === "RUN_LOST") throw error;
      if (!canceled && number <= retry.max && !final.has(code)) {
        const delayMs = retryDelay(retry, number, Math.random);
        const reason = reasonOf(error);
        await writer.write([{ change: "step.retrying", step: step.key, reason, delayMs }]);
        options.report({ progress: "step.retrying", step: step.key, reason, delayMs });
        await options.clock.sleep(delayMs, execution.signal).catch(() => undefined);
        if (!execution.signal.aborted) continue;
      }
      // A canceled step is left as it is: the run goes on from here when it is started again.
      if (canceled) return { outcome: "failure", error };
      const reason = reasonOf(error);
      await writer.write([{ change: "step.failed", step: step.key, reason, code }]);
      options.report({ progress: "step.failed", step: step.key, reason });
      return { outcome: "failure", error: withPlace(error, step) };
    }
  }
}

/** Early cutoff (N22): what might have had to run need not, since all it reads came out as it was. */
async function skipUnchanged(
  step: PlanStep,
  upstreamChanged: boolean,
  execution: Execution,
): Promise<StepOutcome | undefined> {
  if (step.certainty === "runs" || upstreamChanged) return undefined;
  const { options, view } = execution;
  const inputs = recordInputs(step, await observeInputs(step, execution), execution);
  const current = view.exactly(knownAsset(options.known, step.asset), step.range)?.version;
  if (staleCauses(current, options.codeVersionOf(step.asset), inputs).length > 0) return undefined;
  await execution.writer.write([{ change: "step.skipped", step: step.key, reason: "unchanged" }]);
  options.report({ progress: "step.skipped", step: step.key, reason: "unchanged" });
  return { outcome: "skipped", changed: false };
}

async function attempt(
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
    await writer.write([...observations(step, before, execution), staged]);
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
  const first = checks.length > 0 ? changes : [...observations(step, before, execution), staged];
  const unchanged = previous?.dataVersion === version.dataVersion;
  const durable = writer.write([
    ...first,
    { change: "step.succeeded", step: step.key, versionId: version.id },
  ]);
  execution.writer.follow(durable, () => {
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

function observations(step: PlanStep, observed: ObservedInputs, execution: Execution): RunChange[] {
  return [...observed].map(([asset, { mark, dataVersion }]) => ({
    change: "asset.observed",
    assetId: knownAsset(
      execution.options.known,
      step.asset.dependencies.get(nameOf(step, asset)) ?? step.asset,
    ).assetId,
    asset,
    dataVersion,
    mark,
  }));
}

function nameOf(step: PlanStep, key: string): string {
  return [...step.asset.dependencies].find(([, dependency]) => dependency.key === key)?.[0] ?? key;
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

function withPlace(error: unknown, step: PlanStep): MillraceError {
  const place = {
    asset: step.asset.key,
    ...(step.partition === undefined ? {} : { partition: step.partition }),
    ...step.asset.site.place,
  };
  if (error instanceof MillraceError) {
    return new MillraceError(error.code, error.details, {
      place: { ...place, ...error.place },
      cause: error.cause,
    });
  }
  return new MillraceError(
    "STEP_FAILED",
    { step: step.key, reason: reasonOf(error) },
    { place, cause: error },
  );
}
