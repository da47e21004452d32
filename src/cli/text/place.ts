import { relative } from "node:path";
import type { ErrorPlace } from "../../core/errors.ts";

/** `src/assets.ts:12`, seen from the current directory where that is shorter; empty when no file is known. */
export function placeText({ file, line }: Pick<ErrorPlace, "file" | "line">): string {
  if (file === undefined) return "";
  const near = relative(process.cwd(), file);
  const shown = near !== "" && near.length < file.length ? near : file;
  return line === undefined ? shown : `${shown}:${line}`;
}
