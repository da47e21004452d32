/** Which of the candidates somebody may have meant, the likeliest first; none when nothing is near. */
export function suggest(typed: string, candidates: Iterable<string>): readonly string[] {
  const wanted = typed.toLowerCase();
  const near = [...new Set(candidates)].map((candidate) => ({
    candidate,
    distance: nearness(wanted, candidate),
  }));
  return near
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function nearness(wanted: string, candidate: string): number {
  const name = candidate.toLowerCase();
  const distance = editDistance(wanted, name);
  if (distance <= Math.max(1, Math.floor(wanted.length / 3))) return distance;
  // "delays" for "daily_delays": part of a name is a likely slip too, but less so than a typing error.
  if (wanted.length >= 3 && (name.includes(wanted) || wanted.includes(name))) return 10 + distance;
  return Number.POSITIVE_INFINITY;
}

/** Letters to add, remove, change or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
