import type { Log, MetadataValue } from "../core/asset/run-context.ts";
import { MillraceError } from "../core/errors.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import type { Statement } from "../ports/table-engine.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { Attempt, Execution } from "./execution.ts";

/** What Millrace gives to `run` beside its dependencies, and what it collects from there. */
export interface StepContextBundle {
  readonly context: object;
  readonly metadata: Record<string, MetadataValue>;
  /** What the author gives in place of what is found out. */
  readonly given: { dataVersion?: string };
}

export function stepContext(attempt: Attempt): StepContextBundle {
  const { step, execution } = attempt;
  const metadata: Record<string, MetadataValue> = {};
  const given: { dataVersion?: string } = {};
  const partition = partitionOf(step, execution);
  const context = Object.freeze({
    log: stepLog(step, execution),
    signal: attempt.signal,
    attempt: attempt.number,
    run: { id: execution.runId, snapshot: execution.view.snapshot },
    metadata: (values: Record<string, MetadataValue>) => void Object.assign(metadata, values),
    dataVersion: (text: unknown) => {
      if (typeof text === "string" && text !== "") given.dataVersion = `given:${text}`;
      else {
        const reason = "dataVersion must be a text that is not empty";
        throw new MillraceError("INVALID_OPTION", { what: "asset", key: step.asset.key, reason });
      }
    },
    ...(partition === undefined ? {} : { partition }),
  });
  return { context, metadata, given };
}

/** The step's partition with its bounds, as `run` and SQL get it. */
export function partitionOf(step: PlanStep, { options }: Execution): Statement["partition"] {
  if (step.partition === undefined) return undefined;
  const window = knownAsset(options.known, step.asset).space.windowOf(step.range.from);
  return { key: step.partition, ...window };
}

function stepLog(step: PlanStep, { writer, options }: Execution): Log {
  const line =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      const said = { step: step.key, level, message, ...(fields === undefined ? {} : { fields }) };
      writer.follow(writer.write([{ change: "log", ...said }]), () => {
        options.report({ progress: "log", ...said });
      });
    };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
