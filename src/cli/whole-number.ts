import { InvalidArgumentError } from "commander";

/** A count that an option takes. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return Number(text);
}
