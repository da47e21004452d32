import type { DuckDBConnection } from "@duckdb/node-api";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { TableSource } from "../../ports/table-engine.ts";
import { damaged } from "../damaged-version.ts";
import { engineWords } from "./engine-words.ts";
import { filesOfPart, parquetScan } from "./scan.ts";
import { schemaChanged } from "./unreadable-column.ts";
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
  const changed = schemaChanged(reasonOf(thrown));
  if (changed !== undefined) return because(changed, thrown);
  const reason = engineWords(reasonOf(thrown));
  for (const source of sources) {
    for (const part of source.parts) {
      if (part.part === "external") {
        // What cannot be looked into is left to the engine's own words.
        const failure = await externalFailure(connection, reason, source, part).catch(() => undefined);
        if (failure !== undefined) return because(failure, thrown);
        continue;
      }
      const file = filesOfPart(part).find((name) => reason.includes(name));
      if (file !== undefined) {
        const { version = source.id, partition } = part.of ?? {};
        return damaged({ key: source.key, version, partition }, firstLine(reason), thrown);
      }
    }
  }
  if (unreadable.test(reason)) {
    const damage = await findDamage(connection, sources).catch(() => undefined);
    if (damage !== undefined) return because(damage, thrown);
  }
  return new MillraceError("SQL_FAILED", { reason }, { cause: thrown });
}

/** What the engine says of bytes that are no Parquet inside; it does not say of which file. */
const unreadable = /^(?:Invalid Error|Serialization Error)|decompress|TProtocol/i;

/** More files than this are left to `millrace verify`. */
const mostLookedInto = 64;

/** Reads the files one by one until one cannot be read. */
async function findDamage(
  connection: DuckDBConnection,
  sources: readonly TableSource[],
): Promise<MillraceError | undefined> {
  let left = mostLookedInto;
  for (const { key, parts, id } of sources) {
    for (const part of parts) {
      if (part.part === "external") continue;
      const files = filesOfPart(part);
      if (files.length > left) continue;
      left -= files.length;
      const { version = id, partition } = part.of ?? {};
      for (const file of files) {
        try {
          await connection.run(`select count(hash(f)) from ${parquetScan([file])} f`);
        } catch (thrown) {
          const what = `${file}: ${firstLine(engineWords(reasonOf(thrown)))}`;
          return damaged({ key, version, partition }, what);
        }
      }
    }
  }
  return undefined;
}

function because(failure: MillraceError, cause: unknown): MillraceError {
  failure.cause = cause;
  return failure;
}

function firstLine(reason: string): string {
  return reason.split("\n", 1)[0] ?? reason;
}
