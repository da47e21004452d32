import type { Candidate } from "./candidates.ts";
import type { Placement } from "./supersede.ts";

/**
 * The outputs of one step publish together or not at all (N16): adds to the versions that stay back, by id with their
 * reasons, those that came out of the same steps.
 *
 * @param because Why a version stays back beside `other`, which does for `reason`
 */
export function addSiblings(
  stayBack: Map<string, string>,
  placements: readonly Placement[],
  because: (other: Candidate, reason: string) => string,
): void {
  if (stayBack.size === 0) return;
  const reasons = new Map<string, string>();
  for (const { candidate } of placements) {
    const reason = stayBack.get(candidate.versionId);
    if (reason !== undefined) reasons.set(stepOf(candidate), because(candidate, reason));
  }
  for (const { candidate } of placements) {
    const reason = reasons.get(stepOf(candidate));
    if (reason !== undefined && !stayBack.has(candidate.versionId)) stayBack.set(candidate.versionId, reason);
  }
}

function stepOf({ runId, step }: Candidate): string {
  return `${runId} ${step}`;
}
