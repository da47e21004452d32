/**
 * Measures in turn, A B A B …, so that what else the machine does meets all sides alike. Gives what each side gave, round
 * by round.
 */
export async function interleave<Side extends string, Measured>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<Measured>>>,
): Promise<Readonly<Record<Side, readonly Measured[]>>> {
  const names = Object.keys(sides) as Side[];
  const measured = Object.fromEntries(names.map((side) => [side, [] as Measured[]])) as Record<
    Side,
    Measured[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (const side of names) measured[side].push(await sides[side]());
  }
  return measured;
}
