import { randomUUID } from "node:crypto";
import { algorithmOf } from "../../core/catalog/data-version-algorithm.ts";
import { planPacks, type PackablePart } from "../../core/catalog/plan-packs.ts";
import type { ReadablePart } from "../../core/catalog/readable-part.ts";
import { isSameLocation, type Location } from "../../core/catalog/version.ts";
import { MillraceError } from "../../core/errors.ts";
import { storeFull } from "../../core/store-full.ts";
import { wholeRange } from "../../core/partition/range.ts";
import type { LocationMove } from "../../ports/state/location-store.ts";
import { tableParts } from "../../ports/table-parts.ts";
import type { ControlContext } from "../control-context.ts";
import { type ContentReading, verifyVersion } from "../versions/verify-version.ts";
import type { DamagedVersion } from "../versions/verify.ts";

/** What came of some versions. */
export interface PackOutcome {
  readonly packs: number;
  /** Versions that lie in packs now; 0 when somebody else was faster. */
  readonly versions: number;
  /** Files that nobody needs any more. */
  readonly files: number;
  /** Bytes of the packs. */
  readonly bytes: number;
  /** Versions that are not what was written, and were left where they are. */
  readonly damaged: readonly DamagedVersion[];
}

const nothing: PackOutcome = { packs: 0, versions: 0, files: 0, bytes: 0, damaged: [] };

/** What is needed to write a pack. */
export interface Packing extends ContentReading {
  readonly context: ControlContext;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes some versions into one file, in order, and lets them lie there: intent, bytes with fsync, proof that each is what
 * was recorded (N2, N3), then all of them in one transaction. Damaged ones are found and left out; those between them
 * lie in packs of their own then, so that each is read in one go.
 *
 * @throws STORE_FULL, CANCELED; nothing of the pack is left then
 */
export async function packVersions(
  key: string,
  members: readonly PackablePart[],
  packing: Packing,
): Promise<PackOutcome> {
  const whole = await writePack(key, members, packing);
  if (whole !== undefined) return whole;
  const damaged = await damagedOf(key, members, packing);
  if (damaged.length === 0) {
    if (await haveMoved(members, packing.context)) return nothing;
    const reason = `packing ${members.length} versions of ${key} gave other rows than they have`;
    throw new MillraceError("INTERNAL", { reason });
  }
  const ids = new Set(damaged.map(({ version }) => version));
  let outcome = { ...nothing, damaged };
  for (const sound of between(members, ({ part }) => ids.has(part.version.id))) {
    for (const rest of planPacks(sound, packing.store.name)) {
      const packed = (await writePack(key, rest, packing)) ?? nothing;
      outcome = {
        damaged,
        packs: outcome.packs + packed.packs,
        versions: outcome.versions + packed.versions,
        files: outcome.files + packed.files,
        bytes: outcome.bytes + packed.bytes,
      };
    }
  }
  return outcome;
}

/** What lies between those that are left out. */
function between(
  members: readonly PackablePart[],
  isLeftOut: (member: PackablePart) => boolean,
): readonly (readonly ReadablePart[])[] {
  const runs: ReadablePart[][] = [[]];
  for (const member of members) {
    if (isLeftOut(member)) runs.push([]);
    else runs.at(-1)?.push(member.part);
  }
  return runs;
}

/** Undefined when some version is not what was recorded, and nothing is left behind then. */
async function writePack(
  key: string,
  members: readonly PackablePart[],
  { context, tables, store, signal }: Packing,
): Promise<PackOutcome | undefined> {
  const { state, scope, project, crashPoints } = context;
  const id = randomUUID();
  // Who has not finished within the grace has been given up, as whatever lies in the store and nobody knows.
  await state.locations.intend(scope, id, project.graceMs);
  crashPoints.reach("after-pack-intent");
  const discard = async (): Promise<void> => {
    await store.remove(key, id);
    await state.locations.withdraw(scope, id);
  };
  const written = await writeFile().catch(async (error: unknown) => {
    await discard();
    throw storeFull(key, error) ?? error;
  });
  crashPoints.reach("after-pack-write");
  if (written === undefined) {
    await discard();
    return undefined;
  }
  const { file, bytes } = written;
  crashPoints.reach("before-rewrite");
  // When this fails, nobody knows here whether it was committed: then the bytes stay until that is known (N2).
  const rewriting = { asset: key, pack: id, bytes, moves: movesInto(file, bytes, members) };
  const done = await state.locations.rewrite(scope, rewriting);
  crashPoints.reach("after-rewrite");
  if (done !== undefined && done.versions > 0) return { ...done, packs: 1, bytes, damaged: [] };
  await discard();
  return nothing;

  async function writeFile(): Promise<{ readonly file: string; readonly bytes: number } | undefined> {
    const { file, path } = await store.place(key, id, wholeRange, "parquet");
    const columns = members[0]?.columns ?? [];
    try {
      const tablesOf = members.map(({ part, rowCount }) => ({
        parts: tableParts({ parts: [part], columns }, store),
        rowCount,
      }));
      const packed = await tables.pack({ key, columns, members: tablesOf, path, signal });
      const sound = packed.members.every(
        ({ dataVersion, same }, index) => same && isRecorded(dataVersion, members[index]),
      );
      return sound ? { file, bytes: packed.bytes } : undefined;
    } catch (error) {
      if (error instanceof MillraceError && error.code === "VERSION_CORRUPT") return undefined;
      throw error;
    }
  }
}

/** Another version of the engine hashes otherwise, and an author's own data version says nothing of the rows. */
function isRecorded(found: string, member: PackablePart | undefined): boolean {
  const recorded = member?.part.version.dataVersion ?? "";
  return algorithmOf(recorded) !== algorithmOf(found) || recorded === found;
}

function movesInto(file: string, bytes: number, members: readonly PackablePart[]): readonly LocationMove[] {
  const pack = { rows: members.reduce((sum, { rowCount }) => sum + rowCount, 0), bytes };
  let at = 0;
  return members.flatMap(({ part: { version }, rowCount, bytes: own }) => {
    const from = at;
    at += rowCount;
    const { location } = version;
    if (location === undefined || !("files" in location)) return [];
    const to: Location = { store: location.store, files: [{ file, from, to: at, bytes: own, pack }] };
    return [{ versionId: version.id, from: location, to }];
  });
}

async function damagedOf(
  key: string,
  members: readonly PackablePart[],
  packing: Packing,
): Promise<readonly DamagedVersion[]> {
  const damaged: DamagedVersion[] = [];
  for (const { part } of members) {
    const reason = await verifyVersion(key, part, packing, packing.context);
    const { partition, version } = part;
    if (reason !== undefined) damaged.push({ asset: key, partition, version: version.id, reason });
  }
  return damaged;
}

/** Has somebody else packed some of them, since when what they were read from may be gone? */
async function haveMoved(members: readonly PackablePart[], { state }: ControlContext): Promise<boolean> {
  for (const { part } of members) {
    const now = await state.catalog.version(part.version.id);
    if (!isSameLocation(now?.location, part.version.location)) return true;
  }
  return false;
}
