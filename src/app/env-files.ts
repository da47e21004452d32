import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { MillraceError, reasonOf } from "../core/errors.ts";

/** The first that has a variable says what it is. */
const names = [".env.local", ".env"];

/**
 * Sets the variables of a project's `.env.local` and `.env` that the process does not have: what it was started with
 * goes before both.
 *
 * @throws ENVIRONMENT_FILE_UNREADABLE
 */
export function loadEnvFiles(directory: string, variables: NodeJS.ProcessEnv = process.env): void {
  for (const name of names) {
    for (const [variable, value] of Object.entries(readEnvFile(join(directory, name))))
      variables[variable] ??= value;
  }
}

function readEnvFile(file: string): NodeJS.Dict<string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new MillraceError(
      "ENVIRONMENT_FILE_UNREADABLE",
      { reason: reasonOf(error) },
      { place: { file }, cause: error },
    );
  }
  // A file saved by an editor that marks its encoding begins with that mark.
  return parseEnv(text.replace(/^\uFEFF/, ""));
}
