import type { Redactor } from "../core/config/redactor.ts";
import { MillraceError } from "../core/errors.ts";

/**
 * For what comes back to code as it was given, so that nothing in it can be replaced: values, results of checkpoints,
 * and the names that these are kept by.
 *
 * @param text As it would be kept
 * @param what Of what, in words: `the checkpoint «login»`
 * @throws SECRET_IN_VALUE
 */
export function refuseSecrets(text: string, step: string, what: string, redactor: Redactor): void {
  if (redactor.holds(text)) throw new MillraceError("SECRET_IN_VALUE", { step, what: redactor.text(what) });
}
