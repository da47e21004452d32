/** The first few of many names: "a, b, c, d, e and 7 more". */
export function firstFew(names: readonly string[]): string {
  const few = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${few} and ${names.length - 5} more` : few;
}
