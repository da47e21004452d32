import { createHash } from "node:crypto";
import * as z from "zod";
import { isSkipped } from "../../core/asset/skip.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { MillraceError } from "../../core/errors.ts";
import { inputVersion } from "../../core/plan/input-version.ts";
import { deserialize, NotSerializable, serialize } from "../../core/serial/serialize.ts";
import type { OpVersions } from "../../ports/state/run-store.ts";
import { observeExternal, readableDependencies, recordedReads } from "../steps/dependencies.ts";
import type { Execution, ObservedInputs, StepOutcome } from "../execution.ts";
import { stepCheckpoints } from "../steps/step-checkpoints.ts";
import { stepError } from "../steps/step-error.ts";
import { stepLog } from "../steps/step-log.ts";
import { timeLimit } from "../steps/time-limit.ts";
import type { TriedStep } from "../steps/tried-step.ts";
import { tryStep } from "../steps/try-step.ts";
import type { OpCall } from "./op-call.ts";
import type { GraphWork } from "./graph-work.ts";
import type { StepValues } from "./step-values.ts";

/** How the step of an op ends well: it makes no versions, so nothing came out different. */
export const opSucceeded: StepOutcome = Object.freeze({
  outcome: "success",
  versionIds: [],
  changed: new Set<string>(),
  omitted: new Set<string>(),
});

/** Around all ops of a run. */
export interface OpSurroundings {
  readonly work: GraphWork;
  readonly values: StepValues;
  readonly execution: Execution;
}

/** What every attempt at a step is given, as text: none can change what the next one sees. */
interface Prepared {
  readonly input: string;
  readonly versions: OpVersions;
  readonly observed: ObservedInputs;
}

/**
 * Runs the step of an op to its end. It does not run again where an earlier process of this run has committed it with
 * the same code and the same input.
 */
export async function runOp(call: OpCall, around: OpSurroundings): Promise<StepOutcome> {
  const { work, execution } = around;
  const tried: TriedStep = {
    key: call.key,
    definition: { what: "op", key: call.op.name },
    policy: call.policy,
    assets: [],
    hooks: call.op.hooks,
    place: call.op.site.place,
  };
  const prepared = await prepare(call, around).catch((error: unknown) => ({ error }));
  if (!("error" in prepared)) {
    const before = work.earlier.committed.get(call.key);
    if (before !== undefined && isSame(before, prepared.versions))
      return before.status === "success" ? opSucceeded : { outcome: "skipped" };
  }
  return tryStep(
    tried,
    {
      attempt: async (number, started) => {
        if ("error" in prepared) throw prepared.error;
        return attempt(call, tried, prepared, { number, started }, around);
      },
      tried: async () => ("error" in prepared ? {} : prepared.versions),
    },
    execution,
  );
}

async function prepare(call: OpCall, { work, execution }: OpSurroundings): Promise<Prepared> {
  const { options, view } = execution;
  const { op, key } = call;
  const input = textOf(key, call.input);
  const observed = await observeExternal(op.dependencies.values(), options);
  const reads = recordedReads({ ...work.reads, view }, op.dependencies, observed, options);
  const given = canonicalJson([input, configText(call), work.partition?.key ?? null, inputVersion(reads)]);
  return {
    input,
    observed,
    versions: {
      codeVersion: options.opCodeVersionOf(op),
      inputVersion: createHash("sha256").update(given).digest("hex"),
    },
  };
}

function isSame(a: OpVersions, b: OpVersions): boolean {
  return a.codeVersion === b.codeVersion && a.inputVersion === b.inputVersion;
}

/** One try at it, from its start to its commit. */
async function attempt(
  call: OpCall,
  step: TriedStep,
  { input, versions, observed }: Prepared,
  { number, started }: { readonly number: number; readonly started: number },
  { work, values, execution }: OpSurroundings,
): Promise<StepOutcome> {
  const { options, writer, view } = execution;
  const { op, key } = call;
  await writer.write([{ change: "step.started", step: key }]);
  options.report({ progress: "step.started", step: key, attempt: number });
  options.crashPoints.reach("after-intent");
  using time = timeLimit(step, execution);
  const { signal } = time;
  const readable = readableDependencies({ ...work.reads, view }, op.dependencies, observed, options);
  const reading = options.reader.read(
    // An op does not know for which partition it is called: of what has some it gets several, be it only one.
    readable.map((each) => ({ ...each, many: each.asset.partitions.kind !== "none" })),
    { signal, partition: work.partition },
  );
  const log = stepLog(step, execution);
  const named = {
    ...reading.handles,
    ...(op.resources.size === 0
      ? {}
      : await time.until(execution.resources.instancesFor(op.resources, { log, signal }))),
    ...(op.input === undefined
      ? {}
      : { input: await parse(op.input, deserialize(input), "OP_INPUT_INVALID", key) }),
  };
  const context = Object.freeze({
    log,
    signal,
    attempt: number,
    run: { id: execution.runId, snapshot: view.snapshot, job: work.job },
    checkpoint: stepCheckpoints(step, signal, execution),
    ...(op.config === undefined ? {} : { config: await configOf(call) }),
    ...(work.partition === undefined ? {} : { partition: work.partition }),
  });
  const result = await time.until(called(op.run, named, context, key));
  if (isSkipped(result)) {
    const { reason } = result;
    await writer.write([{ change: "step.skipped", step: key, reason, cause: "author", with: versions }]);
    options.report({ progress: "step.skipped", step: key, reason });
    return { outcome: "skipped" };
  }
  const value = await values.keep(
    key,
    op.output === undefined ? undefined : await parse(op.output, result, "OP_OUTPUT_INVALID", key),
  );
  options.crashPoints.reach("after-write");
  const durable = writer.write([
    { change: "step.succeeded", step: key, versionIds: [], gave: { ...versions, value } },
  ]);
  writer.follow(durable, () => {
    options.crashPoints.reach("after-step");
    options.report({
      progress: "step.succeeded",
      step: key,
      milliseconds: options.clock.now() - started,
      unchanged: false,
    });
  });
  return opSucceeded;
}

function configText({ key, config }: OpCall): string {
  if (config === undefined) return "";
  return "given" in config ? textOf(key, config.given) : config.identity;
}

async function configOf({ key, op, config }: OpCall): Promise<unknown> {
  if (config === undefined || op.config === undefined) return {};
  return "given" in config ? parse(op.config, config.given, "OP_CONFIG_INVALID", key) : config.value;
}

async function called(
  run: OpCall["op"]["run"],
  named: object,
  context: object,
  step: string,
): Promise<unknown> {
  try {
    return await run(named, context);
  } catch (error) {
    throw stepError(step, error);
  }
}

async function parse(
  schema: z.core.$ZodType,
  given: unknown,
  code: "OP_INPUT_INVALID" | "OP_OUTPUT_INVALID" | "OP_CONFIG_INVALID",
  step: string,
): Promise<unknown> {
  const parsed = await z.core.safeParseAsync(schema, given);
  if (parsed.success) return parsed.data;
  const reason = z.prettifyError(parsed.error).replaceAll("\n", "; ");
  throw new MillraceError(code, { step, reason });
}

function textOf(step: string, value: unknown): string {
  try {
    return serialize(value, "input");
  } catch (error) {
    if (!(error instanceof NotSerializable)) throw error;
    throw new MillraceError("OP_INPUT_NOT_SERIALIZABLE", { step, reason: error.message }, { cause: error });
  }
}
