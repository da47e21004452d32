/** A sentence names at most this many. */
export const fewNames = 5;

/** The first few of many names: "a, b, c, d, e and 7 more". `count` is how many there are, where not all are given. */
export function firstFew(names: readonly string[], count = names.length): string {
  const few = names.slice(0, fewNames).join(", ");
  return count > fewNames ? `${few} and ${count - fewNames} more` : few;
}
