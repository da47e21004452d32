import { isBaseCurrent } from "../core/catalog/version-base.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { Script } from "./script.ts";
import { addWhatGoesWith } from "./stay-back.ts";
import type { Placement } from "./supersede.ts";

/**
 * Versions that were appended to something else than what is current, and what goes with them. By version, why. Their
 * rows are not appended to what is current instead: they were chosen by what was there, so they may be there by now.
 */
export function* findOutdated(
  scope: Scope,
  placements: readonly Placement[],
): Script<ReadonlyMap<string, string>> {
  const outdated = new Map<string, string>();
  for (const { candidate, over } of placements) {
    if (candidate.base === undefined || isBaseCurrent(candidate.base, candidate.range, over)) continue;
    outdated.set(candidate.versionId, "appended to a version that is not current");
  }
  yield* addWhatGoesWith(scope, outdated, placements, "was appended to a version that is not current");
  return outdated;
}
