import type { IncomingHttpHeaders } from "node:http";
import { parseSnapshotRef } from "../core/catalog/snapshot-ref.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { RequestInvalid } from "../http/request-invalid.ts";
import type { CatalogHead } from "../ports/state/catalog-store.ts";
import type { ServingOptions } from "./serving-options.ts";

/** In which a request names the snapshot it wants, as answers name theirs. */
export const snapshotHeader = "Millrace-Snapshot";

/** What a request asks for; undefined when it asks for none, and the newest is meant. */
export function askedSnapshot(headers: IncomingHttpHeaders): string | undefined {
  const asked = headers["millrace-snapshot"];
  return Array.isArray(asked) ? asked.join(", ") : asked;
}

/**
 * The snapshot that a request names: a token as answers give it, a number, a pinned name or a time.
 *
 * @throws RequestInvalid for what never was one, SNAPSHOT_GONE for one that is no longer kept, STATE_UNAVAILABLE
 */
export async function findAskedSnapshot(
  asked: string,
  { state, scope }: Pick<ServingOptions, "state" | "scope">,
): Promise<CatalogHead> {
  try {
    return await state.snapshots.resolve(scope, parseSnapshotRef(asked));
  } catch (error) {
    if (!(error instanceof MillraceError))
      throw new MillraceError("STATE_UNAVAILABLE", { reason: reasonOf(error) }, { cause: error });
    if (error.code !== "SNAPSHOT_INVALID" && error.code !== "SNAPSHOT_NOT_FOUND") throw error;
    const code = error.code === "SNAPSHOT_INVALID" ? "invalid_snapshot" : "unknown_snapshot";
    const path = `/${snapshotHeader.toLowerCase()}`;
    throw new RequestInvalid([{ in: "headers", path, message: error.message, code }]);
  }
}
