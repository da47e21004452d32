import { opDefinition } from "../core/op/op-definition.ts";
import type { AnyOp, OpOutputOf } from "../core/op/op.ts";
import type { AnyAsset, FileAsset, TableAsset, ValueAsset } from "../core/asset/asset-types.ts";
import type { FileHandle, TableHandle, ValueHandle } from "../core/asset/handle.ts";
import type { CheckEvaluation } from "../core/check/evaluation.ts";
import type { StoredMetadata } from "../core/metadata/metadata-value.ts";
import type { RunEvent } from "../core/run/event.ts";
import type { FailedStep, RunOutcome } from "../core/run/run-progress.ts";
import { suggest } from "../core/suggest.ts";
import { definitionOf } from "./definition-of.ts";
import { readHandle } from "./read-handle.ts";
import { failuresAsText } from "./failures-as-text.ts";
import { stepsOfOp } from "./step-ops.ts";
import type { TestProject } from "./test-project.ts";
import type { TestWorld } from "./test-world.ts";

/** What became of a step. */
export interface TestStep {
  /** "orders[2025-01]", "fetch_page[3]". */
  readonly name: string;
  /** "pending" is what a run that was canceled did not come to. */
  readonly status: "success" | "failure" | "skipped" | "pending";
  /** How often it was tried. */
  readonly attempts: number;
  /** Why it failed or was skipped. */
  readonly reason: string | undefined;
  readonly logs: readonly LogLine[];
}

/** A line that code has logged. */
export interface LogLine {
  /** Absent: it is about the run. */
  readonly step: string | undefined;
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/* oxlint-disable no-explicit-any -- any partitioning is meant; variance forbids unknown here */
/** What a run in a test did, and its results. Reads see what was published. */
export interface TestRun extends AsyncDisposable {
  readonly status: "success" | "failure" | "canceled";
  readonly failures: readonly FailedStep[];
  /** In the order of the run. */
  readonly steps: readonly TestStep[];
  /** What the log of events tells of it, in order. */
  readonly events: readonly RunEvent[];
  readonly logs: readonly LogLine[];
  readonly checks: readonly CheckEvaluation[];
  /** @throws an Error that names the steps there are, when there is none of this name */
  step(name: string): TestStep;
  /** What the steps of an op gave, of those that succeeded, in the order of the run. */
  gave<O extends AnyOp>(op: O): Promise<OpOutputOf<O>[]>;
  /**
   * What one step of an op gave.
   *
   * @throws an Error that says why it gave nothing, where it did not succeed
   */
  gave(step: string): Promise<unknown>;
  rows<Row>(asset: TableAsset<string, Row, any>): Promise<Row[]>;
  value<V>(asset: ValueAsset<string, V, any>): Promise<V>;
  load<L>(asset: FileAsset<string, L, any>): Promise<L>;
  /** What the asset kept about its newest version. */
  metadata(asset: AnyAsset): Promise<StoredMetadata>;
  /**
   * Does nothing where the run succeeded.
   *
   * @throws an Error with every failure: the step, the reason, what to do
   */
  assertSucceeded(): void;
  /** Frees memory and files now rather than at the end of the process. */
  close(): Promise<void>;
}
/* oxlint-enable no-explicit-any */

/** What a run has left in the world of a test. */
export interface RunLeft {
  readonly world: TestWorld;
  /** Undefined when there was nothing to do. */
  readonly outcome: RunOutcome | undefined;
  /** What was run, in words. */
  readonly what: string;
  readonly made: TestProject;
}

export async function testRun({ world, outcome, what, made }: RunLeft): Promise<TestRun> {
  const { state, scope, known } = world.open.context;
  const runId = outcome?.runId;
  const events = runId === undefined ? [] : await state.events.read(scope, { runId, limit: 1_000_000 });
  const logs = events.flatMap((event): LogLine[] =>
    event.type === "log" ? [{ step: event.step, fields: {}, ...event.data }] : [],
  );
  const logsOf = Map.groupBy(logs, ({ step }) => step);
  const recorded = runId === undefined ? [] : await state.runs.steps(runId);
  const steps = recorded.map(({ key: name, status, attempts, reason }): TestStep => ({
    name,
    // What a run that was stopped was at is what it would begin with again.
    status: status === "running" ? "pending" : status,
    attempts,
    reason,
    logs: logsOf.get(name) ?? [],
  }));
  // Rejected versions too: those are the ones whose checks are worth looking at.
  const staged = events.flatMap((event) => (event.type === "version.staged" ? [event.data.versionId] : []));
  const status = outcome?.status ?? "success";
  const failures = outcome?.failed ?? [];
  const byName = new Map(steps.map((one) => [one.name, one]));
  const step = (name: string): TestStep => {
    const found = byName.get(name);
    if (found !== undefined) return found;
    const near = suggest(name, byName.keys());
    const named = near.length > 0 ? near : [...byName.keys()].slice(0, 20);
    throw new Error(`${what} had no step ${name}; it had ${named.join(", ") || "none"}`);
  };
  const gave = async (asked: unknown): Promise<unknown> => {
    const read = (name: string): Promise<unknown> => world.reading.gave(runId ?? "", name);
    if (typeof asked === "string") {
      const { status: ended, reason = "it has not come to its end" } = step(asked);
      if (ended !== "success") throw new Error(`The step ${asked} gave nothing: ${reason}`);
      return read(asked);
    }
    const op = opDefinition(asked);
    if (op === undefined) throw new Error("gave needs an op, or the name of a step of one");
    const own = stepsOfOp(made.standInOp(op), recorded, made.project);
    const of = steps.filter(({ name, status: ended }) => ended === "success" && own.has(name));
    return Promise.all(of.map(({ name }) => read(name)));
  };
  const handle = (asset: AnyAsset): Promise<object> =>
    readHandle(made.standIn(definitionOf(asset, "the asset to read")), world);
  const close = (): Promise<void> => world.close();
  return {
    status,
    failures,
    steps,
    events,
    logs,
    checks: await state.catalog.evaluations(scope, staged),
    step,
    gave: gave as TestRun["gave"],
    rows: async <Row>(asset: AnyAsset) => ((await handle(asset)) as TableHandle<Row>).rows(),
    value: async <V>(asset: AnyAsset) => ((await handle(asset)) as ValueHandle<V>).get(),
    load: async <L>(asset: AnyAsset) => ((await handle(asset)) as FileHandle<L>).load(),
    async metadata(asset) {
      const assetId = known.get(asset.key)?.assetId ?? -1;
      const [newest] = await state.catalog.versions(scope, assetId, 1);
      return newest?.metadata ?? {};
    },
    assertSucceeded() {
      if (status !== "success") throw new Error(failuresAsText(what, status, failures, outcome?.error));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
