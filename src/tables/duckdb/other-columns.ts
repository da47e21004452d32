import type { Column } from "../../core/column/column.ts";
import { engineType } from "../../core/column/engine-type.ts";
import { MillraceError } from "../../core/errors.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import type { FoundType } from "../wire/found-type.ts";
import type { ExternalPart } from "./scan.ts";

/** An external file lacks a declared column, or has it with a type that cannot be taken for the declared one. */
export function otherColumns(
  source: TableSource,
  { path, shown = path }: ExternalPart,
  column: Column,
  found: FoundType | undefined,
  all: ReadonlyMap<string, FoundType>,
): MillraceError {
  const wanted = `${column.name} is declared`;
  const reason =
    found === undefined
      ? `${wanted}, and the file has ${nameList([...all.keys()])}`
      : `${wanted} as ${engineType(column.type)}, and the file has ${found.name}`;
  return new MillraceError("EXTERNAL_COLUMNS", { key: source.key, path: shown, reason });
}

/** In quotes, because a file that was taken for something else has one column with a line's text as its name. */
function nameList(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 60)));
  return `${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
}
