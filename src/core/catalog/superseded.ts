import type { VersionInput } from "./version.ts";

/**
 * The inputs on account of which a version comes too late (N15): the version that is current read them at a newer
 * snapshot and found other data. Where both found the same data, or read at the same snapshot, neither is older.
 */
export function supersedingInputs(
  version: readonly VersionInput[],
  current: readonly VersionInput[],
): readonly VersionInput[] {
  const read = new Map(version.map((input) => [input.asset, input]));
  return current.filter((input) => {
    const own = read.get(input.asset);
    return own !== undefined && input.snapshot > own.snapshot && input.dataVersion !== own.dataVersion;
  });
}
