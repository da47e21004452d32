import assert from "node:assert/strict";
import { type ErrorCode, MillraceError } from "../../../src/core/errors.ts";

/** Asserts that something is refused with this error; gives it. */
export async function refused(
  code: ErrorCode,
  action: Promise<unknown> | (() => Promise<unknown>),
): Promise<MillraceError> {
  let error: unknown;
  await assert.rejects(action, (thrown) => {
    error = thrown;
    return true;
  });
  if (!(error instanceof MillraceError)) throw error;
  assert.equal(error.code, code, error.message);
  return error;
}
