/**
 * The reference page of errors, from the table in src/core/errors.ts. `npm run errors:update` writes it to
 * docs/reference/errors.md; a test compares the two.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { errorTable, type ErrorCode } from "../src/core/errors.ts";

export const errorsPage = new URL("../docs/reference/errors.md", import.meta.url);
const source = new URL("../src/core/errors.ts", import.meta.url);

const introduction = `# Errors

<!-- Generated: npm run errors:update -->

Every error that Millrace reports on purpose has one of these codes. A code keeps its meaning; the sentences may get
better. Words in \`{braces}\` stand for what the error is about. Over HTTP an error is a problem document (RFC 9457) with
the status given here, and its code is the member \`code\`. *Again* says that the same call may succeed later without a
change.
`;

export function renderErrors(): string {
  const sections = sectionsOf(readFileSync(source, "utf8"));
  return [introduction, ...sections.map(({ title, codes }) => section(title, codes))].join("\n");
}

/** The table's comments are its sections. */
function sectionsOf(text: string): { title: string; codes: ErrorCode[] }[] {
  const sections: { title: string; codes: ErrorCode[] }[] = [];
  for (const [, title, code] of text.matchAll(/^ {2}(?:\/\/ (.+)|([A-Z_]+): row\()/gm)) {
    if (title !== undefined) sections.push({ title, codes: [] });
    else if (code !== undefined && code in errorTable) sections.at(-1)?.codes.push(code as ErrorCode);
  }
  return sections;
}

function section(title: string, codes: readonly ErrorCode[]): string {
  const rows = codes.map((code) => {
    const { message, status, retryable, fix } = errorTable[code];
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
