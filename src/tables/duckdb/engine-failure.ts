import { existsSync } from "node:fs";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { TableSource } from "../../ports/table-engine.ts";

/**
 * What the engine threw, as an error of ours. A file of a version that cannot be read is told from a mistake in the
 * SQL: the first is damage, and materializing again mends it.
 */
export function engineFailure(thrown: unknown, sources: readonly TableSource[]): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const reason = reasonOf(thrown);
  for (const source of sources) {
    for (const part of source.parts) {
      if (part.part === "external") {
        if (reason.includes(part.path) && !existsSync(part.path)) {
          return new MillraceError(
            "EXTERNAL_MISSING",
            { key: source.alias, path: part.path },
            { cause: thrown },
          );
        }
        continue;
      }
      const file = part.files.find((name) => reason.includes(name));
      if (file !== undefined) {
        const details = { key: source.alias, version: source.id, reason: firstLine(reason) };
        return new MillraceError("VERSION_CORRUPT", details, { cause: thrown });
      }
    }
  }
  return new MillraceError("SQL_FAILED", { reason }, { cause: thrown });
}

function firstLine(reason: string): string {
  return reason.split("\n", 1)[0] ?? reason;
}
