import { describeHold } from "../core/catalog/hold.ts";
import type { Scope } from "../ports/state/project-store.ts";
import type { Candidate } from "./candidates.ts";
import type { OpenPointer } from "./pointers.ts";
import type { Script } from "./script.ts";
import { addSiblings } from "./siblings.ts";
import { currentDataVersion, type Placement } from "./supersede.ts";
import { readInputs } from "./version-rows.ts";

/**
 * What a rollback holds back (N17): versions whose place is held, and those made from them. The latter have read what
 * no reader will see; they go only where what they read equals what is current all the same. By version, why.
 */
export function* findWithheld(
  scope: Scope,
  placements: readonly Placement[],
): Script<ReadonlyMap<string, string>> {
  const held = placements.filter(({ over }) => over.some((pointer) => pointer.hold !== undefined));
  const withheld = new Map(held.map(({ candidate, over }) => [candidate.versionId, holdText(over)]));
  if (withheld.size === 0) return withheld;
  const inputs = yield* readInputs(placements.map(({ candidate }) => candidate.versionId));
  for (let before = -1; before < withheld.size;) {
    before = withheld.size;
    addSiblings(withheld, placements, ({ asset }) => `made with ${asset}, which is held`);
    const isGoing = ({ candidate }: Placement): boolean => !withheld.has(candidate.versionId);
    const assets = new Set(
      placements.filter((placement) => !isGoing(placement)).map(({ candidate }) => candidate.asset),
    );
    const going: Candidate[] = placements.filter(isGoing).map(({ candidate }) => candidate);
    for (const { versionId } of going) {
      for (const input of inputs.get(versionId) ?? []) {
        if (!assets.has(input.asset)) continue;
        if ((yield* currentDataVersion(scope, input, going)) !== input.dataVersion)
          withheld.set(versionId, `made from ${input.asset}, which is held`);
      }
    }
  }
  return withheld;
}

function holdText(over: readonly OpenPointer[]): string {
  const hold = over.find((pointer) => pointer.hold !== undefined)?.hold;
  return hold === undefined ? "" : describeHold(hold);
}
