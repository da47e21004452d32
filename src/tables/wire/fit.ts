import type { Column } from "../../core/column/column.ts";
import { engineType, quoteName } from "../../core/column/engine-type.ts";
import { conversion } from "./conversion.ts";
import type { FoundType } from "./found-type.ts";

/** A declared column with SQL for its value, in a query over the statement's result `q`. */
export interface FittedColumn {
  readonly column: Column;
  readonly value: string;
}

export interface Fit {
  readonly columns: readonly FittedColumn[];
  /** Sentences on what does not fit; empty when all does. */
  readonly problems: readonly string[];
}

/**
 * Lays a statement's columns on the declared ones, by name.
 *
 * @param extra whether columns that nobody declared are a mistake (in a table) or left out (of an answer)
 */
export function fit(
  found: readonly (readonly [name: string, type: FoundType])[],
  declared: readonly Column[],
  extra: "refuse" | "drop",
): Fit {
  const types = new Map(found);
  const columns: FittedColumn[] = [];
  const problems: string[] = [];
  for (const column of declared) {
    const type = types.get(column.name);
    const convert = type && conversion(type, column.type, "result");
    if (convert !== undefined) columns.push({ column, value: convert(`q.${quoteName(column.name)}`) });
    else problems.push(type === undefined ? missing(column, types) : mistyped(column, type));
  }
  if (extra === "refuse") {
    const names = new Set(declared.map(({ name }) => name));
    for (const [name, type] of types) {
      if (!names.has(name))
        problems.push(`the column ${name} (${type.name}) is in the result, but not declared`);
    }
  }
  return { columns, problems };
}

function missing(column: Column, types: ReadonlyMap<string, FoundType>): string {
  return (
    `the column ${column.name} (${engineType(column.type)}) is declared, but the result has only ` +
    [...types.keys()].join(", ")
  );
}

function mistyped(column: Column, found: FoundType): string {
  const wanted = engineType(column.type);
  return `the column ${column.name} is ${found.name} in the result and ${wanted} as declared; cast it where that is meant`;
}
