import { MillraceError, reasonOf } from "./errors.ts";

/** The disk that filled up in mid-write, whoever noticed it: the engine, Node or the system. @param step what was written */
export function storeFull(step: string, thrown: unknown): MillraceError | undefined {
  const reason = reasonOf(thrown);
  if (!/\bENOSPC\b|No space left on device/i.test(reason)) return undefined;
  const [said = reason] = reason.split("\n");
  return new MillraceError("STORE_FULL", { step, reason: said }, { cause: thrown });
}
