import { existsSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { MillraceError } from "../../core/errors.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import { invalidValue } from "./invalid-value.ts";
import { exactPath, type ExternalPart } from "./scan.ts";

/** What is wrong with a file that somebody else made, should that be why the engine failed; else undefined. */
export async function externalFailure(
  connection: DuckDBConnection,
  words: string,
  source: TableSource,
  part: ExternalPart,
): Promise<MillraceError | undefined> {
  const { format, path, shown = path } = part;
  if (/^Conversion Error: (?!CSV Error)|^Invalid Input Error: the (?:number|timestamp) /.test(words))
    return invalidValue(connection, words, source, part);
  if (!words.includes(path) && !words.includes(exactPath(path))) return undefined;
  if (!existsSync(path)) return new MillraceError("EXTERNAL_MISSING", { key: source.key, path: shown });
  const name = format === "csv" ? "CSV" : "Parquet";
  const details = { key: source.key, path: shown, format: name, reason: unreadable(words, path) };
  return new MillraceError("EXTERNAL_UNREADABLE", details);
}

/** One line of the engine's many. */
function unreadable(words: string, path: string): string {
  const lines = words.replace(/^[\w /]+ Error: /, "").split("\n");
  const [, line] = /^CSV Error on Line: (\d+)/.exec(lines[0] ?? "") ?? [];
  if (line !== undefined) {
    const what = lines.slice(1).find((each) => !each.startsWith("Original Line:") && each !== "");
    return `line ${line}: ${what ?? "it is malformed"}`;
  }
  const [first = "", second] = lines;
  if (first.startsWith("Error when sniffing")) return second ?? first;
  const names = [exactPath(path), path].flatMap((name) => [` "${name}"`, ` '${name}'`, ` ${name}`]);
  return names.reduce((text, name) => text.replaceAll(name, ""), first);
}
