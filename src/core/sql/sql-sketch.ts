import type { SqlPart, SqlTree } from "./sql-tree.ts";

/**
 * SQL as its author wrote it, for people: a table is the key of its asset, a value a literal, a partition's bound its
 * name after a colon. Never meant to be run.
 */
export function sqlSketch({ parts }: SqlTree): string {
  return unindent(parts.map(partText).join(""));
}

function partText(part: SqlPart): string {
  switch (part.part) {
    case "text":
      return part.text;
    case "table":
      return part.table.asset;
    case "identifier":
      return `"${part.name}"`;
    case "bound":
      return `:partition_${part.bound}`;
    default:
      return valueText(part.value);
  }
}

function valueText(value: unknown): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  return Array.isArray(value) ? `(${value.map(valueText).join(", ")})` : String(value);
}

/** Takes away the indentation that the template has from the code around it. Its first line may have none. */
function unindent(text: string): string {
  const lines = text
    .trimEnd()
    .replace(/^(\s*\n)+/, "")
    .split("\n");
  const depthOf = (line: string): number => line.length - line.trimStart().length;
  const depths = lines
    .filter((line, index) => line.trim() !== "" && (index > 0 || depthOf(line) > 0))
    .map(depthOf);
  const depth = depths.length === 0 ? 0 : Math.min(...depths);
  return lines.map((line) => line.slice(Math.min(depth, depthOf(line))).trimEnd()).join("\n");
}
