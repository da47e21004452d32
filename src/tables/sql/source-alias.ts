import type { TableSource } from "../../ports/table-engine.ts";

/** What SQL calls a table: the last segment of its asset's key. */
export function sourceAlias({ key }: TableSource): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
