import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { isSkipped } from "../../core/asset/skip.ts";
import { MillraceError } from "../../core/errors.ts";
import { outputResults } from "../../core/run/output-results.ts";
import { previousName } from "../../core/sql/previous.ts";
import type { Reading } from "../../ports/asset-reader.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import { readablePrevious } from "./append-base.ts";
import type { Attempt } from "../execution.ts";
import type { IntendedVersion } from "./intended-version.ts";
import { keepEqual } from "./keep-equal.ts";
import type { MadeVersion } from "./made-version.ts";
import { makeFile } from "./make-file.ts";
import { makeTable } from "./make-table.ts";
import { makeValue } from "./make-value.ts";
import { stepContext, partitionOf, type StepContextBundle } from "../steps/step-context.ts";
import { stepLog } from "../steps/step-log.ts";
import { stepError } from "../steps/step-error.ts";
import { readableInputs } from "../steps/step-inputs.ts";

/** What an attempt came to. */
export type MadeVersions =
  | { readonly made: readonly MadeOutput[]; readonly omitted: readonly AssetDefinition[] }
  | { readonly skipped: string };

export interface MadeOutput extends MadeVersion {
  readonly asset: AssetDefinition;
}

/** Runs the step's code and writes what it gives (N2). */
export async function makeVersions(
  attempt: Attempt,
  intended: readonly IntendedVersion[],
): Promise<MadeVersions> {
  const { step, execution } = attempt;
  const { options, writer } = execution;
  const intents = intended.flatMap(({ asset, versionId }): RunChange[] => {
    const { kind, key } = asset;
    // A value may lie in state itself: then there are no bytes that could be left behind.
    return kind === "value"
      ? []
      : [{ change: "version.intended", step: step.key, asset: key, versionId, kind }];
  });
  await writer.write([{ change: "step.started", step: step.key }, ...intents]);
  options.report({ progress: "step.started", step: step.key, attempt: attempt.number });
  options.crashPoints.reach("after-intent");
  const partition = partitionOf(step, execution);
  const inputs = readableInputs(step.computation, step, attempt.observed, execution);
  const reading = options.reader.read([...inputs, ...readablePrevious(attempt.base)], {
    signal: attempt.signal,
    partition,
  });
  const { handles, previous } = handlesOf(attempt, reading);
  const bundle = stepContext(attempt, previous);
  const result = await body(attempt, await withInstances(attempt, handles), bundle);
  if (isSkipped(result)) return { skipped: result.reason };
  const wanted = intended.map(({ asset }) => asset);
  const { given, omitted } = outputResults(step.key, step.computation, wanted, result);
  const made: MadeOutput[] = [];
  const contents = new Map(given.map(({ asset, result: content }) => [asset, content]));
  for (const one of intended) {
    const { asset } = one;
    if (!contents.has(asset)) continue;
    const { version, answers } = await makeOutput(attempt, one, contents.get(asset), reading);
    const said = bundle.ofOutput(asset);
    const { dataVersion = version.dataVersion } = said.given;
    const metadata = { ...version.metadata, ...said.metadata };
    const kept = await keepEqual({ version: { ...version, dataVersion, metadata }, answers }, asset, attempt);
    made.push({ ...kept, asset });
  }
  options.crashPoints.reach("after-write");
  return { made, omitted };
}

function makeOutput(
  attempt: Attempt,
  intended: IntendedVersion,
  content: unknown,
  reading: Reading,
): Promise<MadeVersion> {
  const { kind } = intended.asset;
  if (kind === "table") return makeTable(attempt, intended, content, reading);
  return kind === "value" ? makeValue(attempt, intended, content) : makeFile(attempt, intended, content);
}

/** The first argument of `run`, and apart from it what an appending asset has so far. */
function handlesOf({ base }: Attempt, { handles }: Reading): { handles: object; previous?: object } {
  if (base === undefined) return { handles };
  const { [previousName]: previous, ...rest } = handles;
  return { handles: rest, ...(previous === undefined ? {} : { previous }) };
}

/** With instances of the resources that the code works with. */
async function withInstances({ step, signal, execution }: Attempt, handles: object): Promise<object> {
  const { resources } = step.computation;
  if (resources.size === 0) return handles;
  const asker = { log: stepLog(step, execution), signal };
  return Object.freeze({ ...handles, ...(await execution.resources.instancesFor(resources, asker)) });
}

async function body(attempt: Attempt, handles: object, bundle: StepContextBundle): Promise<unknown> {
  const { key, body: code } = attempt.step.computation;
  if (code.body === "sql") return code.sql;
  if (code.body === "graph" && attempt.content !== undefined) return attempt.content();
  if (code.body !== "run") {
    throw new MillraceError("INTERNAL", { reason: `the external asset ${key} cannot be made` });
  }
  try {
    return await code.run(handles, bundle.context);
  } catch (error) {
    throw stepError(attempt.step.key, error);
  }
}
