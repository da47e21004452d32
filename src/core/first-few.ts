/** The first few of many names: "a, b, c, d, e and 7 more". `count` is how many there are, where not all are given. */
export function firstFew(names: readonly string[], count = names.length): string {
  const few = names.slice(0, 5).join(", ");
  return count > 5 ? `${few} and ${count - 5} more` : few;
}
