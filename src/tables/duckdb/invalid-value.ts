import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column } from "../../core/column/column.ts";
import { engineType, quoteName } from "../../core/column/engine-type.ts";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import { text } from "../sql/literal.ts";
import type { FoundType } from "../wire/found-type.ts";
import { describe, externalScan, type ExternalPart } from "./scan.ts";

/**
 * Looks for the value that the engine could not convert. It names the value and not where it came from; so the value is
 * one that the file has, that its column cannot hold and that the message shows. Else the fault is in the SQL.
 */
export async function invalidValue(
  connection: DuckDBConnection,
  words: string,
  source: TableSource,
  part: ExternalPart,
): Promise<MillraceError | undefined> {
  const from = externalScan(part);
  const found = await describe(connection, from);
  for (const column of source.columns) {
    const type = found.get(column.name);
    if (type === undefined) continue;
    const name = quoteName(column.name);
    const shows = `contains(${text(words)}, cast(${name} as VARCHAR))`;
    const query = `select cast(${name} as VARCHAR) from ${from} where ${misfit(name, column, type)} and ${shows} limit 1`;
    const [[value] = []] = await (await connection.run(query)).getRows();
    if (typeof value !== "string") continue;
    const line = await lineOf(connection, part, column, value);
    return new MillraceError("EXTERNAL_VALUE_INVALID", {
      key: source.key,
      path: part.shown ?? part.path,
      where: line === undefined ? "" : `, line ${line},`,
      value: JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value),
      column: column.name,
      type: engineType(column.type),
    });
  }
  return undefined;
}

/** SQL for whether the column cannot hold a value, or only by losing something of it. */
function misfit(name: string, { type }: Column, found: FoundType): string {
  const none = `(${name} is not null and try_cast(${name} as ${engineType(type)}) is null)`;
  if (found.name === "DOUBLE" || found.name === "FLOAT") return `(${none} or ${name} <> trunc(${name}))`;
  if (type.kind === "date" && found.name.startsWith("TIMESTAMP"))
    return `(${none} or ${name} <> date_trunc('day', ${name}))`;
  return none;
}

/** Only when the engine parses the column itself does it say where it failed. */
async function lineOf(
  connection: DuckDBConnection,
  part: ExternalPart,
  { name, type }: Column,
  value: string,
): Promise<number | undefined> {
  if (part.format !== "csv") return undefined;
  // Of an instant it would say nothing.
  const typed = { column: name, type: type.kind === "timestamptz" ? "TIMESTAMP" : engineType(type) };
  try {
    await connection.run(`select count(${quoteName(name)}) from ${externalScan(part, typed)}`);
    return undefined;
  } catch (thrown) {
    const reason = reasonOf(thrown);
    const [, line] = /CSV Error on Line: (\d+)\n/.exec(reason) ?? [];
    const same = reason.includes(`"${value}"`) || reason.includes(`"${value.replaceAll('"', '""')}"`);
    return line !== undefined && same ? Number(line) : undefined;
  }
}
