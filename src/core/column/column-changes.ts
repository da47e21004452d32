import type { Column } from "./column.ts";
import { engineType } from "./engine-type.ts";

/** In what two schemas differ; each column as people write it: `price BIGINT`. */
export interface ColumnChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly column: string; readonly before: string; readonly after: string }[];
  /** In both, of one type: what rows can be compared by. */
  readonly common: readonly Column[];
}

export function columnChanges(before: readonly Column[], after: readonly Column[]): ColumnChanges {
  const old = new Map(before.map((column) => [column.name, column]));
  const now = new Map(after.map((column) => [column.name, column]));
  return {
    added: after.filter(({ name }) => !old.has(name)).map((column) => `${column.name} ${typeText(column)}`),
    removed: before
      .filter(({ name }) => !now.has(name))
      .map((column) => `${column.name} ${typeText(column)}`),
    changed: after.flatMap((column) => {
      const earlier = old.get(column.name);
      if (earlier === undefined || typeText(earlier) === typeText(column)) return [];
      return [{ column: column.name, before: typeText(earlier), after: typeText(column) }];
    }),
    common: after.flatMap((column) => {
      const earlier = old.get(column.name);
      if (earlier === undefined || engineType(earlier.type) !== engineType(column.type)) return [];
      return [{ ...column, nullable: column.nullable || earlier.nullable, rules: [] }];
    }),
  };
}

function typeText({ type, nullable }: Column): string {
  return `${engineType(type)}${nullable ? " NULL" : ""}`;
}
