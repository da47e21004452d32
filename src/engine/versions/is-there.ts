import { storedIn, type VersionRecord } from "../../core/catalog/version.ts";
import type { VersionStore } from "../../ports/table-engine.ts";

/** Are a version's files there, and as long as they were written? Two microseconds for each; they are not read. */
export async function isThere({ location, bytes }: VersionRecord, store: VersionStore): Promise<boolean> {
  const stored = storedIn(location);
  const whole = stored.filter((rows) => typeof rows === "string");
  const packed = stored.filter((rows) => typeof rows !== "string");
  for (const { file, pack } of packed) if ((await store.bytesOf([file])) !== pack.bytes) return false;
  if (whole.length === 0 || bytes === undefined) return true;
  const inPacks = packed.reduce((sum, rows) => sum + rows.bytes, 0);
  return (await store.bytesOf(whole)) === bytes - inPacks;
}
