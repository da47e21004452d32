/*
 * Tasks that only decide stand beside the steps of a graph. No step is called so: names of steps have no blank before
 * the key of an item.
 */

/** What the items of a map are. */
export function itemsOf(map: string): string {
  return `items of ${map}`;
}

/** That all of an item has ended. */
export function endOf(item: string): string {
  return `end of ${item}`;
}

/** Whether the graph of an asset begins. */
export function graphOf(step: string): string {
  return `graph of ${step}`;
}

/** Which case of a branch is taken. */
export function caseOf(branch: string): string {
  return `case of ${branch}`;
}

/** The task that the steps wait for which a node materializes. */
export function beginOf(materialize: string): string {
  return `begin of ${materialize}`;
}
