/** An option of a code manifest as lines that can be compared: SQL nearly as its author wrote it, anything else as JSON. */
export function optionText(option: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (option === "sql" && Array.isArray(value)) return value.map(sqlPartText).join("").trim();
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

function sqlPartText(part: unknown): string {
  if (!Array.isArray(part)) return "";
  const [kind, content]: readonly unknown[] = part;
  if (kind === "text" || kind === "table") return String(content);
  if (kind === "bound") return `:partition_${String(content)}`;
  return kind === "identifier" ? `"${String(content)}"` : JSON.stringify(content);
}
