import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";

/**
 * Reporter for `node --test` that is silent about what passes: each failure with its place and cause, what a failing
 * file printed, and last a line of totals, which `scripts/test.ts` reads.
 */
export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const printed = new Map<string, string>();
  const failed = new Set<string>();

  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") {
      printed.set(data.file, (printed.get(data.file) ?? "") + data.message);
    } else if (type === "test:fail") {
      const error = data.details.error as TestError;
      // A parent fails because its child did; the child has its own report.
      if (error.failureType === "subtestsFailed" || data.todo !== undefined) continue;
      if (data.file !== undefined) failed.add(data.file);
      yield `✖ ${data.name}  (${placeOf(data)})\n${indent(withoutInternals(reasonOf(error)))}\n\n`;
    } else if (type === "test:summary" && data.file === undefined) {
      for (const file of failed) {
        const output = printed.get(file);
        if (output !== undefined) yield `Printed by ${relative("", file)}:\n${indent(output.trimEnd())}\n\n`;
      }
      const { passed, skipped, todo, tests } = data.counts;
      yield `${passed} passed, ${tests - passed - skipped - todo} failed, ${skipped} skipped\n`;
    }
  }
}

function placeOf({
  file,
  line,
}: {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}): string {
  return file === undefined ? "no file" : `${relative("", file)}:${line ?? 1}`;
}

interface TestError extends Error {
  readonly failureType?: string;
  /** Of a file whose process failed. */
  readonly exitCode?: number | null;
  readonly signal?: string | null;
}

function reasonOf(error: TestError): string {
  if (typeof error.signal === "string") return `its process was ended by ${error.signal}`;
  if (typeof error.exitCode === "number") return `its process ended with exit code ${error.exitCode}`;
  return inspect(error.cause ?? error);
}

/** Frames of Node's own runner say nothing about the failure. */
function withoutInternals(stack: string): string {
  return stack.replaceAll(/\n +at [^\n]*node:(?:internal\/|async_hooks)[^\n ]*/g, "");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
