import { InvalidArgumentError } from "commander";
import { limitMs } from "../core/run/step-policy.ts";

/** Milliseconds of a limit of time that an option names. */
export function timeLimitOption(text: string): number {
  const found = limitMs("limit", text, (reason) => {
    throw new InvalidArgumentError(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`);
  });
  return found ?? 0;
}
