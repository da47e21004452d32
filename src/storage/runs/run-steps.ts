import type { StepStatus } from "../../core/run/run.ts";
import type { StepPlace, StepValue } from "../../ports/state/run-store.ts";
import { placeOfRow, type PlaceRow } from "./step-place.ts";
import { type Cells, forRows, runRows, type Script } from "../database/script.ts";

/** A step as a transaction of its run sees and changes it. */
export interface StepState {
  readonly key: string;
  readonly outputs: readonly StepOutput[];
  /** Absent for the step of an op. */
  readonly place?: StepPlace;
  readonly status: StepStatus;
  readonly attempts: number;
  /** Attempts that failed and count against the retry policy. */
  readonly failures: number;
  /** It waits for its next try, which is due then. */
  readonly retryAt?: number;
  readonly reason?: string;
  readonly code?: string;
  readonly codeVersion?: string;
  readonly inputVersion?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What an op gave. Not read with the rest: whatever changes a step takes it away. */
  readonly value?: StepValue;
}

/** An asset that a step makes. */
export interface StepOutput {
  readonly asset: string;
  readonly assetId: number;
}

interface StepStateRow extends PlaceRow {
  readonly key: string;
  readonly asset: string | null;
  readonly asset_id: number | null;
  readonly status: string;
  readonly attempts: number;
  readonly failures: number;
  readonly retry_at: number | null;
  readonly reason: string | null;
  readonly code: string | null;
  readonly code_version: string | null;
  readonly input_version: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

export function* readStepStates(
  runId: string,
  keys: Iterable<string>,
): Script<ReadonlyMap<string, StepState>> {
  const rows = yield* forRows<StepStateRow>(
    `with r as {rows run_id text, key text}
     select s.key, a.key as asset, o.asset_id, s.space_id, s.slice, s.range_from, s.range_to, s.status, s.attempts,
       s.failures, s.retry_at, s.reason, s.code, s.code_version, s.input_version, s.started_at, s.ended_at
     from r {join} step s on s.run_id = r.run_id and s.key = r.key
     left join step_output o on o.run_id = r.run_id and o.step = r.key
     left join asset a on a.id = o.asset_id`,
    // The run in each row, not once for all: else PostgreSQL takes the run's steps first, all of them.
    Array.from(new Set(keys), (key) => [runId, key]),
  );
  const states = new Map<string, StepState & { readonly outputs: StepOutput[] }>();
  for (const row of rows) {
    const { asset, asset_id: assetId } = row;
    const outputs = asset === null || assetId === null ? [] : [{ asset, assetId }];
    const known = states.get(row.key);
    if (known !== undefined) known.outputs.push(...outputs);
    else
      states.set(row.key, {
        key: row.key,
        outputs,
        ...placeOfRow(row),
        status: row.status as StepStatus,
        attempts: row.attempts,
        failures: row.failures,
        ...(row.retry_at === null ? {} : { retryAt: row.retry_at }),
        ...(row.reason === null ? {} : { reason: row.reason }),
        ...(row.code === null ? {} : { code: row.code }),
        ...(row.code_version === null ? {} : { codeVersion: row.code_version }),
        ...(row.input_version === null ? {} : { inputVersion: row.input_version }),
        ...(row.started_at === null ? {} : { startedAt: row.started_at }),
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
      });
  }
  return states;
}

export function* updateSteps(runId: string, steps: Iterable<StepState>): Script<void> {
  yield* runRows(
    `with r as {rows run_id text, key text, status text, attempts integer, failures integer, retry_at integer,
       reason text, code text, code_version text, input_version text, started_at integer, ended_at integer,
       value text, value_id text, value_location text}
     update step set status = r.status, attempts = r.attempts, failures = r.failures, retry_at = r.retry_at,
       reason = r.reason, code = r.code,
       code_version = r.code_version, input_version = r.input_version, started_at = r.started_at, ended_at = r.ended_at,
       value = r.value, value_id = r.value_id, value_location = r.value_location
     from r where step.run_id = r.run_id and step.key = r.key`,
    Array.from(steps, (step) => [
      runId,
      step.key,
      step.status,
      step.attempts,
      step.failures,
      step.retryAt,
      step.reason,
      step.code,
      step.codeVersion,
      step.inputVersion,
      step.startedAt,
      step.endedAt,
      ...valueCells(step.value),
    ]),
  );
}

function valueCells(value: StepValue | undefined): Cells {
  if (value === undefined) return [undefined, undefined, undefined];
  if ("inline" in value) return [value.inline, undefined, undefined];
  const { id, ...location } = value;
  return [undefined, id, JSON.stringify(location)];
}

/** What ops gave, by step. */
export function* readStepValues(
  runId: string,
  steps: readonly string[],
): Script<ReadonlyMap<string, StepValue>> {
  const rows = yield* forRows<{
    key: string;
    value: string | null;
    value_id: string | null;
    value_location: string | null;
  }>(
    `with r as {rows run_id text, key text}
     select s.key, s.value, s.value_id, s.value_location
     from r {join} step s on s.run_id = r.run_id and s.key = r.key
     where s.value is not null or s.value_id is not null`,
    steps.map((step) => [runId, step]),
  );
  return new Map(
    rows.map(({ key, value, value_id: id, value_location: location }): [string, StepValue] => {
      if (id === null || location === null) return [key, { inline: value ?? "" }];
      return [key, { id, ...(JSON.parse(location) as Omit<Exclude<StepValue, { inline: string }>, "id">) }];
    }),
  );
}

/** Outputs that steps have succeeded without. */
export function* omitOutputs(
  runId: string,
  omitted: readonly { readonly step: string; readonly assetId: number }[],
): Script<void> {
  yield* runRows(
    `with r as {rows run_id text, step text, asset_id integer} update step_output set omitted = 1 from r
     where step_output.run_id = r.run_id and step_output.step = r.step and step_output.asset_id = r.asset_id`,
    omitted.map(({ step, assetId }) => [runId, step, assetId]),
  );
}
