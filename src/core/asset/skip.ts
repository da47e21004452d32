import { definitionRegistry } from "../definition-registry.ts";
import type { Tagged } from "../brand.ts";
import { MillraceError } from "../errors.ts";

/** What `run` gives instead of a result: this time there is nothing to make. */
export interface Skipped extends Tagged<"skipped"> {
  readonly reason: string;
}

const registry = definitionRegistry<Skipped>();

export const isSkipped = registry.has;

/**
 * Given back from `run`: nothing is made, and what was current stays current. The step ends as skipped, with this
 * reason; what reads it goes on by its `triggerRule`.
 *
 * @param reason For people: "no new files since Monday"
 * @throws INVALID_OPTION when there is no reason
 * @example
 * run: async ({ inbox }) => ((await inbox.count()) === 0 ? skip("the inbox is empty") : inbox.rows()),
 */
export function skip(reason: string): Skipped {
  if (typeof reason === "string" && reason.trim() !== "") return registry.register({ reason } as Skipped);
  const details = { what: "skip", key: "reason", reason: "it must be a text that is not empty" };
  throw new MillraceError("INVALID_OPTION", details);
}
