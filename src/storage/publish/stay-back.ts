import type { Scope } from "../../ports/state/project-store.ts";
import type { Candidate } from "./candidates.ts";
import type { Script } from "../database/script.ts";
import { addSiblings } from "./siblings.ts";
import { currentDataVersion, type Placement } from "./supersede.ts";
import { readInputs } from "../catalog/version-rows.ts";

/**
 * Adds to versions that stay back what goes with them: those that came out of the same steps, and those made from them.
 * The latter have read what no reader will see; they go only where what they read equals what is current all the same.
 *
 * @param stayBack By version, why
 * @param which What is said of an asset whose version stays back: "is held"
 */
export function* addWhatGoesWith(
  scope: Scope,
  stayBack: Map<string, string>,
  placements: readonly Placement[],
  which: string,
): Script<void> {
  if (stayBack.size === 0) return;
  const inputs = yield* readInputs(placements.map(({ candidate }) => candidate.versionId));
  for (let before = -1; before < stayBack.size;) {
    before = stayBack.size;
    addSiblings(stayBack, placements, ({ asset }) => `made with ${asset}, which ${which}`);
    const isGoing = ({ candidate }: Placement): boolean => !stayBack.has(candidate.versionId);
    const assets = new Set(
      placements.filter((placement) => !isGoing(placement)).map(({ candidate }) => candidate.asset),
    );
    const going: Candidate[] = placements.filter(isGoing).map(({ candidate }) => candidate);
    for (const { versionId } of going) {
      for (const input of inputs.get(versionId) ?? []) {
        if (!assets.has(input.asset)) continue;
        if ((yield* currentDataVersion(scope, input, going)) !== input.dataVersion)
          stayBack.set(versionId, `made from ${input.asset}, which ${which}`);
      }
    }
  }
}
