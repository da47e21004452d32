import type { PlanStep } from "../../core/plan/plan.ts";
import { partitionSpan } from "../../core/plan/partition-span.ts";
import { counted } from "../../core/counted.ts";
import { firstFew } from "../../core/first-few.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import type { StepFailure } from "./run-report.ts";

/** The same failure of one asset or op, or of several of its partitions or items. */
export interface FailureGroup extends Omit<StepFailure, "step" | "message"> {
  /** "orders", "orders [2025-01 to 2025-03, 3 partitions]". */
  readonly name: string;
  /** Undefined where the lines of the checks have said it. */
  readonly reason: string | undefined;
}

/** In the order of the plan; those with the same code, and therefore the same remedy, one after the other. */
export function groupFailures(
  failures: readonly StepFailure[],
  steps: readonly PlanStep[],
): readonly FailureGroup[] {
  const order = new Map(steps.map((step, index) => [step.key, index]));
  const sorted = failures.toSorted((a, b) => (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0));
  const byCode = Map.groupBy(sorted, ({ code }) => code);
  return [...byCode.values()].flatMap((alike) =>
    [...Map.groupBy(alike, identity).values()].flatMap((group) => groupOf(group, order, steps)),
  );
}

function identity({ step, node, code, message, place }: StepFailure): string {
  return JSON.stringify([place.asset ?? node ?? step, reasonOf(code, step, message), place.file, place.line]);
}

function reasonOf(code: string, step: string, message: string): string | undefined {
  return code === "CHECK_FAILED" ? undefined : stepReason(step, message);
}

function groupOf(
  group: readonly StepFailure[],
  order: ReadonlyMap<string, number>,
  steps: readonly PlanStep[],
): readonly FailureGroup[] {
  const [first] = group;
  if (first === undefined) return [];
  const { step, node, code, message, place, fix } = first;
  const partitions = group.flatMap((failure) => steps[order.get(failure.step) ?? -1] ?? []);
  const name =
    partitions.length > 1 && place.asset !== undefined
      ? `${place.asset} [${partitionSpan(partitions)}]`
      : node === undefined || group.length === 1
        ? step
        : `${firstFew(group.map((failure) => failure.step))} (${counted(group.length, "item")})`;
  return [{ name, reason: reasonOf(code, step, message), code, place, fix }];
}
