import * as z from "zod";
import type { AnySchema } from "../schema.ts";

/** What stands for a secret where it would be seen. Shorter than any secret that is searched for, so it never holds one. */
export const secretMark = "***";

/**
 * A text that is never told: in a config it is a string like any other, and wherever the run it belongs to would keep
 * or show it (state, logs, errors, results of commands) stands `***`. Give it by reference, `{ "$env": "NAME" }`, and it
 * is in no file either.
 *
 * It is known again by its text, also escaped as in JSON, percent-encoded or in base64. Texts of fewer than 4 characters
 * are not searched for: they are left out where config is kept, and nowhere else.
 *
 * @example
 * z.object({ url: z.url(), token: secret().min(20), previous: z.array(secret()).default([]) })
 */
export function secret(): z.ZodString {
  // The mark rides on the definition, which survives .min(), .optional(), .describe() and the like.
  const mark = { secret: true } as unknown as z.core.$ZodStringParams;
  return z.string(mark);
}

/** Was this made by {@link secret}? What is wrapped around it is not looked through. */
export function isSecret(schema: AnySchema): boolean {
  return (schema._zod.def as unknown as { readonly secret?: unknown }).secret === true;
}
