import { unreachable } from "../unreachable.ts";
import type { Template } from "./graph-data.ts";

/** Longer values are told in part. */
const longestValue = 60;

/** In words: `fetch_page.html`, `3`, `{ page: map.item, size: 3 }`. */
export function templateText(template: Template): string {
  switch (template.template) {
    case "value":
      return valueText(template.value);
    case "ref":
      return [template.node, ...template.path].join(".");
    case "list":
      return `[${template.items.map(templateText).join(", ")}]`;
    case "record":
      return `{ ${fieldsText(template)} }`;
    default:
      return unreachable(template);
  }
}

/** The same without the braces around a record: what a call is given. Empty for nothing. */
export function givenText(template: Template): string {
  if (template.template === "record") return fieldsText(template);
  if (template.template === "ref" || template.template === "list") return templateText(template);
  const { value } = template;
  if (value === undefined) return "";
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord
    ? Object.entries(value)
        .map(([name, of]) => `${name}: ${valueText(of)}`)
        .join(", ")
    : valueText(value);
}

function fieldsText({ fields }: Extract<Template, { template: "record" }>): string {
  return Object.entries(fields)
    .map(([name, field]) => `${name}: ${templateText(field)}`)
    .join(", ");
}

function valueText(value: unknown): string {
  const text = value === undefined ? "nothing" : typeof value === "bigint" ? `${value}n` : jsonText(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

function jsonText(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ??
    String(value)
  );
}
