import { describeHold } from "../../core/catalog/hold.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { OpenPointer } from "../catalog/pointers.ts";
import type { Script } from "../database/script.ts";
import { addWhatGoesWith } from "./stay-back.ts";
import type { Placement } from "./supersede.ts";

/** What a rollback holds back (N17): versions whose place is held, and what goes with them. By version, why. */
export function* findWithheld(
  scope: Scope,
  placements: readonly Placement[],
): Script<ReadonlyMap<string, string>> {
  const held = placements.filter(({ over }) => over.some((pointer) => pointer.hold !== undefined));
  const withheld = new Map(held.map(({ candidate, over }) => [candidate.versionId, holdText(over)]));
  yield* addWhatGoesWith(scope, withheld, placements, "is held");
  return withheld;
}

function holdText(over: readonly OpenPointer[]): string {
  const hold = over.find((pointer) => pointer.hold !== undefined)?.hold;
  return hold === undefined ? "" : describeHold(hold);
}
