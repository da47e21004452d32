import type { OpDefinition } from "../../core/op/op-definition.ts";
import type { ParsedPart } from "../../core/config/run-config.ts";
import type { StepPolicy } from "../../core/run/step-policy.ts";

/** One step of an op, about to be run. */
export interface OpCall {
  readonly key: string;
  readonly op: OpDefinition;
  /** What the graph gives it; its schema has not seen it yet. */
  readonly input: unknown;
  /** As it was read when the run began, or as the graph gives it. Absent: it takes none. */
  readonly config?: ParsedPart | { readonly given: unknown } | undefined;
  /** All layers together. */
  readonly policy: StepPolicy;
}
