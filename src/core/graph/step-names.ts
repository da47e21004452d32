/** The node of its graph that a step is of: its name without the keys of the items around it. */
export function nodeOfStep(step: string): string {
  const end = step.indexOf("[");
  return end < 0 ? step : step.slice(0, end);
}
