import type { Tagged } from "../core/brand.ts";
import { definitionRegistry } from "../core/definition-registry.ts";
import { MillraceError } from "../core/errors.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";

/** A function that a test gives in place of an op's. */
export interface InsteadOfOp extends Tagged<"instead of op"> {
  readonly name: string;
}

interface Replacement {
  readonly name: string;
  readonly op: OpDefinition;
  readonly run: OpDefinition["run"];
}

const registry = definitionRegistry<Replacement>();

export function insteadOfOp(op: OpDefinition, run: OpDefinition["run"]): InsteadOfOp {
  const { name } = op;
  return registry.register({ name, op, run }) as Replacement & InsteadOfOp;
}

/**
 * What a test has done in place of ops.
 *
 * @throws INVALID_OPTION for what `instead` did not make of an op
 */
export function givenOps(given: readonly InsteadOfOp[] = []): ReadonlyMap<OpDefinition, OpDefinition["run"]> {
  const runs = new Map<OpDefinition, OpDefinition["run"]>();
  for (const one of given as readonly unknown[]) {
    if (registry.has(one)) runs.set(one.op, one.run);
    else {
      const reason = "one of them is not made by instead, of an op";
      throw new MillraceError("INVALID_OPTION", { what: "test", key: "ops", reason });
    }
  }
  return runs;
}
