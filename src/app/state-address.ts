import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { LeaseStore } from "../ports/state/lease-store.ts";
import type { State } from "../ports/state.ts";

/** Where a state lies: what another thread needs to open it, too. */
export type StateAddress =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string };

/** @param where As `state` of a project and `MILLRACE_STATE` have it: a folder, or the URL of a database */
export function stateAddress(where: string, directory: string): StateAddress {
  return /^postgres(ql)?:/.test(where)
    ? { kind: "postgres", url: where }
    : { kind: "sqlite", path: join(resolve(directory, where), "state.db") };
}

/** @throws STATE_UNAVAILABLE, STATE_TOO_NEW */
export async function openStateAt(address: StateAddress): Promise<State> {
  if (address.kind === "postgres") {
    const { openPostgresState } = await import("../storage/postgres/open.ts");
    return openPostgresState({ url: address.url });
  }
  await mkdir(resolve(address.path, ".."), { recursive: true });
  const { openSqliteState } = await import("../storage/sqlite/open.ts");
  return openSqliteState({ path: address.path });
}

/** Of a state that has been opened before. */
export async function openLeasesAt(address: StateAddress): Promise<LeaseStore> {
  if (address.kind === "postgres") {
    const { openPostgresLeases } = await import("../storage/postgres/open-leases.ts");
    return openPostgresLeases({ url: address.url });
  }
  const { openSqliteLeases } = await import("../storage/sqlite/open-leases.ts");
  return openSqliteLeases({ path: address.path });
}
