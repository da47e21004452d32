import { writeSync } from "node:fs";

/** The pipe to the process that measures; see `runChild`. */
export const resultPipe = 3;

/** Hands a measured process's result to the one that measures. Once. */
export function giveResult(result: object): void {
  writeSync(resultPipe, `${JSON.stringify(result)}\n`);
}
