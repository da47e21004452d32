import type { AttemptContext, CheckpointContext } from "../core/asset/run-context.ts";
import type { Skipped } from "../core/asset/skip.ts";
import type { MaybePromise } from "../core/brand.ts";
import { MillraceError } from "../core/errors.ts";
import { opDefinition } from "../core/op/op-definition.ts";
import type { AnyOp, OpGivenOf, OpGivesOf } from "../core/op/op.ts";
import { isResource } from "../core/resource/resource-definition.ts";
import type { Resource } from "../core/resource/resource.ts";
import { insteadOfOp, type InsteadOfOp } from "./given-ops.ts";
import { insteadOfResource, type InsteadOf } from "./given-resources.ts";

/** What stands for an op's function in a test. It gets the op's input, and gives what the op's function may give. */
export type InsteadOfRun<O extends AnyOp> = (
  named: OpGivenOf<O>,
  context: AttemptContext & CheckpointContext,
) => MaybePromise<OpGivesOf<O> | Skipped>;

/* oxlint-disable no-explicit-any -- any instance is meant; it is covariant in it */
type Replaceable = Resource<any> | AnyOp;
/* oxlint-enable no-explicit-any */
type Replacing<R> = R extends Resource<infer T> ? T : R extends AnyOp ? InsteadOfRun<R> : never;
type Replaced<R> = R extends AnyOp ? InsteadOfOp : InsteadOf;

/**
 * In this test the resource is this instance: nothing is opened, asked for its health or closed, and no config is needed.
 *
 * Or the op does this: assets that it reads, and resources that it works with, are not needed. What goes in and comes out
 * is parsed, tried again and timed as ever; its hooks are not called.
 *
 * @throws INVALID_OPTION for what is neither
 * @example
 * await materialize([orders], { resources: [instead(warehouse, { query: async () => [{ n: 1 }] })] });
 * await runJob(ingest, { ops: [instead(fetchPage, ({ input }) => ({ html: `page ${input.page}` }))] });
 */
export function instead<const R extends Replaceable>(replaced: R, by: NoInfer<Replacing<R>>): Replaced<R> {
  return replace(replaced, by) as Replaced<R>;
}

function replace(replaced: unknown, by: unknown): InsteadOf | InsteadOfOp {
  if (isResource(replaced)) return insteadOfResource(replaced, by);
  const op = opDefinition(replaced);
  const reason =
    op === undefined
      ? "the first argument is neither a resource nor an op"
      : `for the op ${op.name} the second argument is a function`;
  if (op === undefined || typeof by !== "function")
    throw new MillraceError("INVALID_OPTION", { what: "instead", key: "argument", reason });
  return insteadOfOp(op, (named, context) => by(named, context) as unknown);
}
