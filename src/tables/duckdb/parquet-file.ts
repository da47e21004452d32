import { existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { MillraceError } from "../../core/errors.ts";
import { text } from "../sql/literal.ts";
import { syncPath } from "../sync-path.ts";

/** COPY of a query's rows to a Parquet file; gives the number of rows. Row groups are what a scan can skip or share. */
export function copyTo(query: string, path: string): string {
  const options = "format parquet, compression zstd, row_group_size 122880, use_tmp_file false";
  return `copy (${query}) to ${text(path)} (${options})`;
}

/** Lets `write` make the file and makes it durable; nothing is left at the path when it fails. Gives the bytes. */
export async function newFile(path: string, write: () => Promise<void>): Promise<number> {
  // The two looks at the directory take microseconds; as promises each would wait for a thread of the pool.
  if (existsSync(path)) {
    throw new MillraceError("INTERNAL", {
      reason: `${path} exists already, and versions are never overwritten`,
    });
  }
  try {
    await write();
    await Promise.all([syncPath(path), syncPath(dirname(path))]);
    return statSync(path).size;
  } catch (thrown) {
    await rm(path, { force: true });
    throw thrown;
  }
}
