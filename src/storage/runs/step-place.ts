import type { StepPlace } from "../../ports/state/run-store.ts";

/** Where a step's row says which partitions it makes: nothing for the step of an op. */
export interface PlaceRow {
  readonly space_id: number | null;
  readonly slice: string | null;
  readonly range_from: number | null;
  readonly range_to: number | null;
}

export function placeOfRow(row: PlaceRow): { readonly place?: StepPlace } {
  const { space_id: spaceId, slice, range_from: from, range_to: to } = row;
  if (spaceId === null || slice === null || from === null || to === null) return {};
  return { place: { spaceId, range: { slice, from, to } } };
}
