import { cut } from "./cut.ts";

const longest = 80;

/** "shops=2 region=north": what a log line says beside its message. Long values are cut. */
export function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(" ");
}

function shown(value: unknown): string {
  const text = typeof value === "string" && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : asJson(value);
  return cut(text, longest);
}

/** Whatever user code logs, also what JSON cannot say. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
