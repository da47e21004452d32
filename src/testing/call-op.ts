import { DefinitionSite } from "../core/definition-site.ts";
import { MillraceError } from "../core/errors.ts";
import type { JobGraph } from "../core/graph/graph-data.ts";
import { registerJob, type JobDefinition } from "../core/job/job-definition.ts";
import { opDefinition, type OpDefinition } from "../core/op/op-definition.ts";
import type { AnyOp, OpConfigOf, OpInputOf, OpOutputOf } from "../core/op/op.ts";
import { unpartitioned } from "../core/partition/partitions.ts";
import { runDefinition, type TestJobRun } from "./run-job.ts";
import type { RunTestOptions } from "./test-options.ts";

/** What a call of an op in a test did, and what it gave. */
export interface TestOpCall<Output> extends TestJobRun<Output> {
  /** How often it was tried. */
  readonly attempts: number;
  /** Why it skipped itself; undefined where it did not. Then it has no output. */
  readonly skipped: string | undefined;
}

type InputPart<O> = OpInputOf<O> extends null ? {} : { readonly input: OpInputOf<O> };
type ConfigPart<O> =
  {} extends OpConfigOf<O> ? { readonly config?: OpConfigOf<O> } : { readonly config: OpConfigOf<O> };
/** What a test says of a call of this op: its input and its config, where it takes such. */
export type OpTestOptionsOf<O extends AnyOp> = RunTestOptions & InputPart<O> & ConfigPart<O>;
type Rest<O extends AnyOp> =
  {} extends OpTestOptionsOf<O> ? [options?: OpTestOptionsOf<O>] : [options: OpTestOptionsOf<O>];

interface AnyOptions extends RunTestOptions {
  readonly input?: unknown;
  readonly config?: object;
}

/**
 * Calls one op, as a step of a run: what goes in and comes out is parsed, it is tried again as its policy says, and its
 * time limit and checkpoints hold.
 *
 * @returns also for a call that failed; look at `status`, or ask for `output`
 * @throws CONFIG_INVALID and what else keeps a run from beginning
 * @example
 * await using call = await callOp(fetchPage, { input: { page: 3 }, resources: [instead(site, fake)] });
 * assert.deepEqual(call.output, { html: "page 3" });
 */
export async function callOp<O extends AnyOp>(
  op: O,
  ...[given]: Rest<O>
): Promise<TestOpCall<OpOutputOf<O>>> {
  const definition = opDefinition(op);
  if (definition === undefined) {
    const reason = "the first argument is no op";
    throw new MillraceError("INVALID_OPTION", { what: "callOp", key: "op", reason });
  }
  const { input, config, ...options } = (given ?? {}) as AnyOptions;
  const { name } = definition;
  const { run, output } = await runDefinition(jobOf(definition, input), {
    ...options,
    ...(config === undefined ? {} : { runConfig: { ops: { [name]: config } } }),
  });
  const { attempts, status, reason } = run.step(name);
  const skipped = status === "skipped" ? (reason ?? "") : undefined;
  return {
    ...run,
    attempts,
    skipped,
    get output() {
      if (skipped !== undefined) throw new Error(`The op ${name} was skipped: ${skipped}`);
      run.assertSucceeded();
      return output as OpOutputOf<O>;
    },
  };
}

/** A job that does nothing else. */
function jobOf(op: OpDefinition, input: unknown): JobDefinition {
  const graph: JobGraph = {
    nodes: [
      {
        node: "op",
        id: op.name,
        op,
        input: { template: "value", value: input },
        triggerRule: "all_success",
        after: [],
      },
    ],
    output: { template: "ref", node: op.name, path: [] },
    ops: 1,
  };
  return registerJob({
    name: op.name,
    body: { body: "graph", graph: () => graph },
    partitions: unpartitioned,
    tags: {},
    problems: () => [],
    site: DefinitionSite.above(callOp),
  });
}
