/** What resources, ops, graphs, jobs and steps may be called: no dots and brackets, which divide the names of steps. */
export function isDefinitionName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z_][\w-]*$/.test(name);
}
