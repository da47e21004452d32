/** Several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("nothing was measured");
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return { median: (lower + upper) / 2, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, values };
}

/** Round by round: what was measured side by side is compared, so that a slow minute of the machine falls out. */
export function ratios(ours: Spread, floor: Spread): Spread {
  return spreadOf(ours.values.map((value, round) => value / (floor.values[round] ?? Number.NaN)));
}
