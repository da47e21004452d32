import { MillraceError } from "../core/errors.ts";
import { keepEqual } from "./keep-equal.ts";
import type { MadeVersion } from "./made-version.ts";
import { makeFile } from "./make-file.ts";
import { makeTable } from "./make-table.ts";
import { makeValue } from "./make-value.ts";
import type { Attempt } from "./execution.ts";
import { stepContext, partitionOf, type StepContextBundle } from "./step-context.ts";
import { stepError } from "./step-error.ts";
import { readableInputs } from "./step-inputs.ts";
import type { Reading } from "../ports/asset-reader.ts";

/** Runs the asset's code and writes what it gives (N2). */
export async function makeVersion(attempt: Attempt, versionId: string): Promise<MadeVersion> {
  const { step, execution } = attempt;
  const { options, writer } = execution;
  const { asset } = step;
  const started = { change: "step.started", step: step.key } as const;
  // A value may lie in state itself: then there are no bytes that could be left behind.
  const intended = { change: "version.intended", step: step.key, versionId, kind: asset.kind } as const;
  await writer.write(asset.kind === "value" ? [started] : [started, intended]);
  options.report({ progress: "step.started", step: step.key, attempt: attempt.number });
  options.crashPoints.reach("after-intent");
  const partition = partitionOf(step, execution);
  const reading = options.reader.read(readableInputs(asset, step, attempt.observed, execution), {
    signal: attempt.signal,
    partition,
  });
  const bundle = stepContext(attempt);
  const result = await body(attempt, reading, bundle);
  const made =
    asset.kind === "table"
      ? await makeTable(attempt, versionId, result, reading)
      : asset.kind === "value"
        ? await makeValue(attempt, versionId, result)
        : await makeFile(attempt, versionId, result);
  const { dataVersion = made.version.dataVersion } = bundle.given;
  const metadata = { ...made.version.metadata, ...bundle.metadata };
  const kept = await keepEqual({ ...made, version: { ...made.version, dataVersion, metadata } }, attempt);
  options.crashPoints.reach("after-write");
  return kept;
}

async function body(attempt: Attempt, reading: Reading, bundle: StepContextBundle): Promise<unknown> {
  const { body: code } = attempt.step.asset;
  if (code.body === "sql") return code.sql;
  if (code.body === "external") {
    throw new MillraceError("INTERNAL", {
      reason: `the external asset ${attempt.step.asset.key} cannot be made`,
    });
  }
  try {
    return await code.run(reading.handles, bundle.context);
  } catch (error) {
    throw stepError(attempt.step.key, error);
  }
}
