import { aggregateDataVersion } from "../../../../src/core/catalog/aggregate.ts";
import { type PartitionRange, wholeRange } from "../../../../src/core/partition/range.ts";
import type { VersionBase } from "../../../../src/core/catalog/version-base.ts";
import type { VersionState } from "../../../../src/core/catalog/version.ts";

/** What the model's assets are called in it, whatever their keys are at the time. */
export const assets = ["orders", "days", "left", "right", "report"] as const;
export type Asset = (typeof assets)[number];

/** One partition of one asset: the model knows no ranges. */
export type Place = `${Asset} ${string} ${number}`;

export interface ModelVersion {
  readonly id: string;
  readonly asset: Asset;
  readonly range: PartitionRange;
  readonly dataVersion: string;
  readonly rowCount: number;
  files: readonly string[];
  readonly run: string;
  readonly step: string;
  /** Of `orders`, the only thing that anything is made from. */
  readonly read?: { readonly snapshot: number; readonly dataVersion: string };
  /** What it goes on from, if it adds to that. */
  readonly base?: VersionBase;
  state: VersionState;
  /** At which command it was left staged. */
  withheld?: number;
  everCurrent: boolean;
}

/** What is current: one version for each partition. */
export type Pointers = ReadonlyMap<Place, ModelVersion>;

export interface ModelSnapshot {
  readonly pointers: Pointers;
  readonly publishedAt: number;
}

export interface Outcome {
  readonly snapshot: number;
  readonly published: readonly string[];
  readonly superseded: readonly string[];
  readonly held: readonly string[];
}

export function placesOf(asset: Asset, { slice, from, to }: PartitionRange): Place[] {
  return Array.from({ length: to - from }, (_, index): Place => `${asset} ${slice} ${from + index}`);
}

export function placesOfVersion({ asset, range }: ModelVersion): Place[] {
  return placesOf(asset, range);
}

/** How long snapshots are kept, in hours. */
export const keepHours = 10;

/** The catalog as a child would keep it: a map for each snapshot, and nothing clever. */
export class ModelCatalog {
  /** Counts commands; the order of what happened. */
  tick = 0;
  /** The hand clock. */
  hours = 0;
  head = 0;
  readonly snapshots = new Map<number, ModelSnapshot>([[0, { pointers: new Map(), publishedAt: -Infinity }]]);
  /** Places that are held, and since which command without a break; also where nothing is current. */
  readonly holds = new Map<Place, number>();
  /** In the order in which they were made. */
  readonly versions = new Map<string, ModelVersion>();
  readonly condemned = new Set<string>();
  readonly pins = new Map<string, number>();

  get pointers(): Pointers {
    return this.snapshots.get(this.head)?.pointers ?? new Map();
  }

  /** The data of `orders` at a snapshot, or in a map. */
  ordersIn(pointers: Pointers): string | undefined {
    const version = pointers.get("orders  0");
    return version === undefined ? undefined : digest(version.dataVersion);
  }

  /** Moves pointers in one publish. */
  write(changes: ReadonlyMap<Place, ModelVersion | undefined>): number {
    const pointers = new Map(this.pointers);
    for (const [place, version] of changes) {
      if (version === undefined) pointers.delete(place);
      else {
        pointers.set(place, version);
        version.everCurrent = true;
      }
    }
    this.head += 1;
    this.snapshots.set(this.head, { pointers, publishedAt: this.hours });
    return this.head;
  }

  publish(ids: readonly string[], force: boolean): Outcome {
    const requested = ids.flatMap((id) => this.versions.get(id) ?? []);
    const before = (state: VersionState) =>
      requested.filter((one) => one.state === state).map(({ id }) => id);
    const [published, superseded] = [before("published"), before("superseded")];
    const judged = this.judge(
      requested.filter(({ state }) => state === "staged"),
      force,
    );
    this.settle(judged);
    const moved = judged.going.length > 0;
    const changes = new Map(
      judged.going.flatMap((version) => placesOfVersion(version).map((place) => [place, version] as const)),
    );
    return {
      snapshot: moved ? this.write(changes) : this.head,
      published: [...published, ...judged.going.map(({ id }) => id)],
      superseded: [...superseded, ...judged.late.map(({ id }) => id)],
      held: judged.held.map(({ id }) => id),
    };
  }

  settle({ going, late, held }: Judged): void {
    for (const version of going) version.state = "published";
    for (const version of late) version.state = "superseded";
    for (const version of held) version.withheld = this.tick;
  }

  /** Which go, which come too late or were added to something else (N15), which a rollback holds back (N17). */
  judge(staged: readonly ModelVersion[], force: boolean): Judged {
    const held = new Set(staged.filter((one) => placesOfVersion(one).some((place) => this.holds.has(place))));
    const late = new Set<ModelVersion>();
    const going = () => staged.filter((one) => !held.has(one) && !late.has(one));
    const ordersAfter = () => {
      const placed = going().findLast(({ asset }) => asset === "orders");
      return placed === undefined ? this.ordersIn(this.pointers) : digest(placed.dataVersion);
    };
    const settled = (group: Set<ModelVersion>, isBack: (one: ModelVersion) => boolean): void => {
      for (let size = -1; size < group.size;) {
        size = group.size;
        const steps = new Set([...group].map(({ run, step }) => `${run} ${step}`));
        for (const one of going()) if (steps.has(`${one.run} ${one.step}`) || isBack(one)) group.add(one);
      }
    };
    const withWhatGoesWith = (group: Set<ModelVersion>): void => {
      const hasOrders = (): boolean => [...group].some(({ asset }) => asset === "orders");
      if (group.size > 0)
        settled(group, ({ read }) => read !== undefined && hasOrders() && ordersAfter() !== read.dataVersion);
    };
    withWhatGoesWith(held);
    for (const one of going()) if (!this.#goesOn(one)) late.add(one);
    withWhatGoesWith(late);
    if (!force) settled(late, (one) => this.#cameLate(one) && ordersAfter() !== one.read?.dataVersion);
    return { going: going(), late: [...late], held: [...held] };
  }

  /** What it adds to is what is current, forced or not. */
  #goesOn(version: ModelVersion): boolean {
    const { base } = version;
    if (base === undefined) return true;
    return placesOfVersion(version).every((place) => this.pointers.get(place)?.id === base.version);
  }

  /** What is current has read something newer, and other data. */
  #cameLate({ asset, read }: ModelVersion): boolean {
    const current = this.pointers.get(`${asset}  0`)?.read;
    return (
      read !== undefined &&
      current !== undefined &&
      current.snapshot > read.snapshot &&
      current.dataVersion !== read.dataVersion
    );
  }

  /** Which snapshots a collection gives up, and which versions with them. */
  collect(readByRuns: readonly number[]): void {
    const since = this.hours - keepHours;
    const horizon = Math.max(
      ...[...this.snapshots].filter(([, { publishedAt }]) => publishedAt <= since).map(([number]) => number),
    );
    const pinned = new Set([...this.pins.values(), ...readByRuns]);
    for (const number of this.snapshots.keys())
      if (number < horizon && !pinned.has(number)) this.snapshots.delete(number);
    const kept = new Set([...this.snapshots.values()].flatMap(({ pointers }) => [...pointers.values()]));
    for (const version of this.versions.values())
      if (version.everCurrent && !kept.has(version)) this.condemned.add(version.id);
  }

  /** Everything that was current at a place, as far back as snapshots are kept. */
  pastOf(place: Place): readonly ModelVersion[] {
    return [...this.snapshots.values()].flatMap(({ pointers }) => pointers.get(place) ?? []);
  }

  /** In the order in which versions were made. */
  ageOf(version: ModelVersion): number {
    return [...this.versions.keys()].indexOf(version.id);
  }
}

export interface Judged {
  readonly going: readonly ModelVersion[];
  readonly late: readonly ModelVersion[];
  readonly held: readonly ModelVersion[];
}

export function digest(dataVersion: string): string {
  return aggregateDataVersion([{ range: wholeRange, dataVersion }]);
}
