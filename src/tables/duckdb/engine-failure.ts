import type { DuckDBConnection } from "@duckdb/node-api";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import { engineWords } from "./engine-words.ts";
import { externalFailure } from "./external-failure.ts";

/**
 * What the engine threw, as an error of ours. A file of a version that cannot be read is told from a mistake in the
 * SQL: the first is damage, and materializing again mends it. So is a file that somebody else has to mend.
 *
 * @param connection for looking into such a file
 */
export async function engineFailure(
  connection: DuckDBConnection,
  thrown: unknown,
  sources: readonly TableSource[],
): Promise<MillraceError> {
  if (thrown instanceof MillraceError) return thrown;
  const reason = engineWords(reasonOf(thrown));
  for (const source of sources) {
    for (const part of source.parts) {
      if (part.part === "external") {
        // What cannot be looked into is left to the engine's own words.
        const failure = await externalFailure(connection, reason, source, part).catch(() => undefined);
        if (failure !== undefined) return because(failure, thrown);
        continue;
      }
      const file = part.files.find((name) => reason.includes(name));
      if (file !== undefined) {
        const details = { key: source.key, version: source.id, reason: firstLine(reason) };
        return new MillraceError("VERSION_CORRUPT", details, { cause: thrown });
      }
    }
  }
  return new MillraceError("SQL_FAILED", { reason }, { cause: thrown });
}

function because(failure: MillraceError, cause: unknown): MillraceError {
  failure.cause = cause;
  return failure;
}

function firstLine(reason: string): string {
  return reason.split("\n", 1)[0] ?? reason;
}
