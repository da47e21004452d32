import { statSync } from "node:fs";
import { MillraceError } from "../core/errors.ts";

/** Some files of a version, and how long they were when they were written. */
export interface WrittenFiles {
  readonly key: string;
  readonly version: string;
  readonly partition?: string | undefined;
  readonly files: readonly string[];
  /** All of them together. Unknown when absent. */
  readonly bytes?: number | undefined;
}

/**
 * Looks whether the files are there, and as long as they were written: two microseconds for each.
 *
 * @throws VERSION_CORRUPT, naming asset, version, partition and file
 */
export function refuseDamaged(written: WrittenFiles): void {
  let found = 0;
  for (const file of written.files) {
    const entry = statSync(file, { throwIfNoEntry: false });
    if (entry === undefined) throw damaged(written, `${file} is gone`);
    found += entry.size;
  }
  const { bytes, files } = written;
  if (bytes !== undefined && found !== bytes)
    throw damaged(written, `${files.join(", ")}: ${found} bytes are there, and ${bytes} were written`);
}

export function damaged(
  { key, version, partition }: Pick<WrittenFiles, "key" | "version" | "partition">,
  what: string,
  cause?: unknown,
): MillraceError {
  const reason = partition === undefined ? what : `partition ${partition}: ${what}`;
  const details = { key, version, reason, ...(partition === undefined ? {} : { partition }) };
  return new MillraceError("VERSION_CORRUPT", details, {
    place: { asset: key },
    ...(cause === undefined ? {} : { cause }),
  });
}
