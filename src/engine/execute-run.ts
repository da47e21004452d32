import { CatalogView } from "../core/catalog/catalog-view.ts";
import { Redactor } from "../core/config/redactor.ts";
import { noRunConfig, type ParsedGroup, type ParsedRunConfig } from "../core/config/run-config.ts";
import type { RunOutcome } from "../core/run/run-progress.ts";
import { stepPolicy } from "../core/run/step-policy.ts";
import type { CommittedStep, RunRequest } from "../ports/run-launcher.ts";
import { finishRun, type EndedRun } from "./finish-run.ts";
import { ChangeWriter } from "./change-writer.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { Execution, StepOutcome } from "./execution.ts";
import { HookCalls, type HookLevel } from "./hook-calls.ts";
import { PublishLog } from "./publish/publish-log.ts";
import { publishRun } from "./publish/publish-run.ts";
import type { PublishPart } from "./publish/publish-steps.ts";
import { redactProgress } from "./redact-change.ts";
import { RunHistory } from "./run-history.ts";
import { withinLimit } from "./run-limit.ts";
import { RunTasks } from "./run-tasks.ts";
import { scheduleTasks } from "./schedule-tasks.ts";
import { Slots } from "./slots.ts";
import { StepPublisher } from "./publish/step-publisher.ts";

/**
 * Executes a plan under a lease: runs what is ready, several at once, commits each step, and publishes every version
 * whose upstream in this run passed: at the end, in one transaction, or as it goes (N16). A run that is taken over ends
 * with RUN_LOST.
 */
export async function executeRun(
  request: RunRequest,
  environment: Omit<EngineOptions, "report">,
): Promise<RunOutcome> {
  const { config = noRunConfig } = request;
  const redactor = new Redactor(config.secrets);
  const options: EngineOptions = {
    ...environment,
    report: (progress) => request.report(redactProgress(progress, redactor)),
  };
  const { plan, lease } = request;
  const { runs, catalog } = options.state;
  for (const { asset, versionId } of request.abandoned) await options.store.remove(asset, versionId);
  const view = new CatalogView(lease.snapshot, await catalog.current(options.scope, lease.snapshot));
  const pinned = view.overlaid([]);
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal]);
  const writer = new ChangeWriter(runs, options.scope, lease, redactor, (reason) => stop.abort(reason));
  const done = await committedOutcomes(request.committed, view, options);
  const watch = options.watch.over({
    scope: options.scope,
    lease,
    leaseMs: request.leaseMs,
    onLost: (reason) => stop.abort(reason),
  });
  const resources = options.resources.session(givenOnly(config));
  const execution = {
    lease,
    view,
    writer,
    watch,
    resources,
    signal,
    options,
    runId: lease.runId,
    config,
    redactor,
    claims: request.claims ?? "fail",
    fullRefresh: plan.fullRefresh ?? false,
    defaults: stepPolicy(request.policy, options.defaults),
    slots: new Slots(options.concurrency),
    hooks: new HookCalls(hookLevels(request, options), {
      writer,
      options,
      run: { id: lease.runId, snapshot: lease.snapshot },
      lost: stop.signal,
    }),
    history: new RunHistory(request.history ?? [], options.clock),
  };
  const log = new PublishLog(options.report);
  const asItGoes =
    request.publish === "step" ? new StepPublisher(request, execution, log, pinned) : undefined;
  let ended: EndedRun;
  let tasks: RunTasks | undefined;
  try {
    const before = (await asItGoes?.catchUp(done)) ?? done;
    const { outcomes, timedOut } = await withinLimit(request.timeoutMs, execution, (limited) => {
      tasks = new RunTasks(request, limited, async (step, made) =>
        asItGoes === undefined ? made : asItGoes.publish(step, made),
      );
      return scheduleTasks(tasks.tasks(before), before, execution.slots, limited.signal);
    });
    await writer.drained();
    const { steps, retired } = plan;
    const part = asItGoes?.rest() ?? { steps, retired, force: request.force ?? false };
    ended = { ...(await publishUnlessStopped(part, outcomes, execution, log)), timedOut };
    await writer.drained();
  } finally {
    await execution.hooks.settled();
    // While the lease holds: what disposers log belongs to the run.
    await resources.close();
    await writer.drained();
    await watch.end();
  }
  const lost: unknown = stop.signal.reason;
  if (stop.signal.aborted) throw lost;
  const outcome = await finishRun(execution, { ...ended, tasks }, log.summary);
  await execution.hooks.runEnded(outcome);
  return outcome;
}

/** Of the job first, then of the project. */
function hookLevels({ job, hooks }: RunRequest, options: EngineOptions): readonly HookLevel[] {
  const levels = [
    { of: `job ${job?.name}`, hooks },
    { of: "project", hooks: options.hooks },
  ];
  return levels.flatMap(({ of, hooks: own }) =>
    own === undefined || Object.keys(own).length === 0 ? [] : [{ of, hooks: own }],
  );
}

/** Resources that the run was given config for; others are as the project has them. */
function givenOnly({ resources, stored }: ParsedRunConfig): ParsedGroup {
  const given = new Set(Object.keys(stored.resources ?? {}));
  return new Map([...resources].filter(([name]) => given.has(name)));
}

/** A run that is canceled while its assets are checked ends as if it had been before: nothing more is published. */
async function publishUnlessStopped(
  part: PublishPart,
  outcomes: ReadonlyMap<string, StepOutcome>,
  execution: Execution,
  log: PublishLog,
): Promise<Omit<EndedRun, "timedOut">> {
  if (execution.signal.aborted) return { outcomes, canceled: true };
  try {
    const published = await publishRun(part, outcomes, execution);
    log.add(published);
    return {
      outcomes: published.outcomes,
      canceled: published.result === undefined && execution.signal.aborted,
    };
  } catch (error) {
    if (execution.signal.aborted) return { outcomes, canceled: true };
    throw error;
  }
}

async function committedOutcomes(
  committed: readonly CommittedStep[],
  view: CatalogView,
  options: EngineOptions,
): Promise<Map<string, StepOutcome>> {
  const done = new Map<string, StepOutcome>();
  const ids = committed.flatMap(({ outputs }) => outputs.flatMap(({ versionId }) => versionId ?? []));
  const versions = await options.state.catalog.versionsWithIds(ids);
  for (const step of committed) {
    if (step.status === "skipped") {
      done.set(step.key, { outcome: step.byAuthor ? "skipped" : "unchanged" });
      continue;
    }
    const changed = new Set<string>();
    for (const { asset, versionId } of step.outputs) {
      const version = versionId === undefined ? undefined : versions.get(versionId);
      if (version === undefined) continue;
      const before = view.exactly(version, version.range)?.version;
      view.stage(version);
      if (before?.dataVersion !== version.dataVersion) changed.add(asset);
    }
    const versionIds = step.outputs.flatMap(({ versionId }) => versionId ?? []);
    const omitted = new Set(step.outputs.flatMap(({ asset, omitted: left }) => (left ? asset : [])));
    done.set(step.key, { outcome: "success", versionIds, changed, omitted });
  }
  return done;
}
