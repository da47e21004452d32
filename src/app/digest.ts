import { createHash } from "node:crypto";

/** The name of a text, and of whatever is made of it: equal content, equal name. */
export function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}
