import { isBaseCurrent } from "../../core/catalog/version-base.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Candidate } from "./candidates.ts";
import type { Script } from "../database/script.ts";
import { addWhatGoesWith } from "./stay-back.ts";
import type { Placement } from "./supersede.ts";

const why = "appended to a version that is not current";

/**
 * Versions that were appended to something else than what is current, and what goes with them. By version, why. Their
 * rows are not appended to what is current instead: they were chosen by what was there, so they may be there by now.
 *
 * @param before Versions of which this was found earlier, and of which nothing is said again
 */
export function* findOutdated(
  scope: Scope,
  placements: readonly Placement[],
  before: readonly Candidate[],
): Script<ReadonlyMap<string, string>> {
  const outdated = new Map(before.map(({ versionId }) => [versionId, why]));
  for (const { candidate, over } of placements) {
    if (candidate.base === undefined || isBaseCurrent(candidate.base, candidate.range, over)) continue;
    outdated.set(candidate.versionId, why);
  }
  const all = [...placements, ...before.map((candidate) => ({ candidate, over: [] }))];
  yield* addWhatGoesWith(scope, outdated, all, `was ${why}`);
  for (const { versionId } of before) outdated.delete(versionId);
  return outdated;
}
