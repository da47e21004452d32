import { describeMismatch } from "../catalog/schema-mismatch.ts";
import { MillraceError } from "../errors.ts";
import { firstFew } from "../first-few.ts";
import type { BlockedStep } from "./plan.ts";

/** Why something of a plan cannot be made, with what to do about it. */
export function blockedError(blocked: BlockedStep): MillraceError {
  const { key } = blocked;
  const place = { asset: key };
  if ("leaves" in blocked) {
    const { mismatch, leaves } = blocked;
    const details = { key, reason: describeMismatch(mismatch), partitions: firstFew(leaves) };
    return new MillraceError("SCHEMA_MIXED", details, { place });
  }
  const { dependency, missing } = blocked;
  const lacked = missing[0] === dependency ? "any version" : firstFew(missing);
  return new MillraceError("STEP_BLOCKED", { step: key, dependency, missing: lacked }, { place });
}
