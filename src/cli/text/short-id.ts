/** How much of an id people are shown; `runs show` takes it. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
