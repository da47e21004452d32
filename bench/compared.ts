import type { Row } from "./figure.ts";
import { ratios, spreadOf } from "./measure/spread.ts";

/** A row of ours beside its floor, from what was measured in turn. */
export function compared(
  about: Pick<Row, "what" | "unit"> & Partial<Pick<Row, "budget">>,
  ours: readonly number[],
  floor: readonly number[],
): Row {
  const [ourSpread, floorSpread] = [spreadOf(ours), spreadOf(floor)];
  return { ...about, ours: ourSpread, floor: floorSpread, ratio: ratios(ourSpread, floorSpread) };
}
