/**
 * The reference page of errors, from the table in src/core/errors/. `npm run errors:update` writes it to
 * docs/reference/errors.md; a test compares the two.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import type { ErrorRow } from "../src/core/errors/error-row.ts";
import { errorAreas } from "../src/core/errors/error-table.ts";

export const errorsPage = new URL("../docs/reference/errors.md", import.meta.url);

const introduction = `# Errors

<!-- Generated: npm run errors:update -->

Every error that Millrace reports on purpose has one of these codes. A code keeps its meaning; the sentences may get
better. Words in \`{braces}\` stand for what the error is about. Over HTTP an error is a problem document (RFC 9457) with
the status given here, and its code is the member \`code\`. *Again* says that the same call may succeed later without a
change.
`;

export function renderErrors(): string {
  const sections = Object.entries(errorAreas).map(([title, rows]) => section(title, rows));
  return [introduction, ...sections].join("\n");
}

function section(title: string, area: Readonly<Record<string, ErrorRow>>): string {
  const rows = Object.entries(area).map(([code, { message, status, retryable, fix }]) => {
    return `| \`${code}\` | ${status} | ${retryable ? "yes" : ""} | ${cell(message)} | ${cell(fix)} |`;
  });
  const head = ["| code | status | again | what happened | what to do |", "| --- | --- | --- | --- | --- |"];
  return [`## ${title}`, "", ...head, ...rows, ""].join("\n");
}

function cell(text: string): string {
  return text
    .replaceAll(/\{(\w+)(?::\d+)?\}/g, (_, name: string) => `\`{${name}}\``)
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replaceAll("\n", " ");
}

if (import.meta.main && process.argv.includes("--write")) {
  mkdirSync(new URL("./", errorsPage), { recursive: true });
  writeFileSync(errorsPage, renderErrors());
}
