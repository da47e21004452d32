import { aggregateDataVersion } from "../../core/catalog/aggregate.ts";
import { movePointers } from "../../core/catalog/move-pointers.ts";
import { supersedingInputs } from "../../core/catalog/superseded.ts";
import type { VersionInput } from "../../core/catalog/version.ts";
import { cutTo, overlaps, wholeRange } from "../../core/partition/range.ts";
import type { Scope } from "../../ports/state/project-store.ts";
import type { Candidate } from "./candidates.ts";
import { latestObservations } from "../observations/observation-store.ts";
import { distinctPointers, type OpenPointer, openPointersOver } from "../catalog/pointers.ts";
import { addSiblings } from "./siblings.ts";
import { first, type Script } from "../database/script.ts";
import { readInputs } from "../catalog/version-rows.ts";

/** A version and the pointers it would take the place of. */
export interface Placement {
  readonly candidate: Candidate;
  readonly over: readonly OpenPointer[];
}

/**
 * Which versions come too late (N15): the current one has read an input at a newer snapshot and found other data. But
 * not when the input is now, with this publish, as the version found it: then the current version is the older one.
 * Gives, by version, the asset of such an input. Since a version that is left out changes what its readers in this publish find, this is asked until nothing changes.
 */
export function* findSuperseded(
  scope: Scope,
  placements: readonly Placement[],
): Script<ReadonlyMap<string, string>> {
  const suspects = yield* findSuspects(placements);
  const superseded = new Map<string, string>();
  for (let before = -1; before < superseded.size;) {
    before = superseded.size;
    const going = placements
      .map(({ candidate }) => candidate)
      .filter(({ versionId }) => !superseded.has(versionId));
    for (const [versionId, inputs] of suspects) {
      for (const input of superseded.has(versionId) ? [] : inputs) {
        const current = yield* currentDataVersion(scope, input, going);
        if (current !== input.dataVersion) superseded.set(versionId, input.asset);
      }
    }
    addSiblings(superseded, placements, (_, input) => input);
  }
  return superseded;
}

/** By version, the inputs of its own that the current version has read later. */
function* findSuspects(
  placements: readonly Placement[],
): Script<ReadonlyMap<string, readonly VersionInput[]>> {
  const contested = placements.filter(({ over }) => over.length > 0);
  const ids = contested.flatMap(({ candidate, over }) => [
    candidate.versionId,
    ...over.flatMap((pointer) => pointer.versionId ?? []),
  ]);
  const inputs = yield* readInputs([...new Set(ids)]);
  const suspects = new Map<string, readonly VersionInput[]>();
  for (const { candidate, over } of contested) {
    const own = inputs.get(candidate.versionId) ?? [];
    const newer = over.flatMap(({ versionId }) =>
      versionId === undefined ? [] : supersedingInputs(own, inputs.get(versionId) ?? []),
    );
    const assets = new Set(newer.map(({ asset }) => asset));
    if (assets.size > 0)
      suspects.set(
        candidate.versionId,
        own.filter(({ asset }) => assets.has(asset)),
      );
  }
  return suspects;
}

/** The data of what an input reads, as it is once `going` are published; of an external asset as last observed. */
export function* currentDataVersion(
  scope: Scope,
  input: VersionInput,
  going: readonly Candidate[],
): Script<string | undefined> {
  const asset = yield* first<{ id: number; space_id: number }>(
    "select id, space_id from asset where project_id = ? and key = ?",
    scope.projectId,
    input.asset,
  );
  if (asset === undefined) return undefined;
  const { id: assetId, space_id: spaceId } = asset;
  const ranges = input.ranges ?? [wholeRange];
  const found = yield* openPointersOver(
    scope,
    ranges.map((range) => ({ assetId, spaceId, range })),
  );
  const open = distinctPointers(found);
  const placed = going.filter((candidate) => candidate.assetId === assetId && candidate.spaceId === spaceId);
  const moves = movePointers(open, placed);
  const ended = new Set(moves.ended);
  const pieces = [
    ...open.filter((pointer) => !ended.has(pointer)),
    ...[...moves.remaining, ...moves.added].map(({ range, of }) => ({ ...of, range })),
  ].filter(({ versionId }) => versionId !== undefined);
  if (pieces.length === 0) return (yield* latestObservations(scope, [assetId])).get(assetId)?.dataVersion;
  return aggregateDataVersion(
    ranges.flatMap((range) =>
      pieces
        .filter((piece) => overlaps(piece.range, range))
        .map((piece) => ({ range: cutTo(piece.range, range), dataVersion: piece.dataVersion })),
    ),
  );
}
