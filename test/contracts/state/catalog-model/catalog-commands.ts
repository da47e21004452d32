import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { PartitionRange } from "../../../../src/core/partition/range.ts";
import type { RollbackRequest } from "../../../../src/ports/state/hold-store.ts";
import { collect, graceHours, pass, removeFiles, retention } from "../hand-clock.ts";
import { refused } from "../refusal.ts";
import type { CatalogUnderTest } from "./catalog-under-test.ts";
import {
  type Asset,
  type ModelCatalog,
  type ModelVersion,
  type Place,
  placesOf,
  placesOfVersion,
} from "./model-catalog.ts";
import { Command } from "./run-commands.ts";

const me = { by: "ada", reason: "bad prices" };

/** An asset, or one range of it. */
export interface Where {
  readonly asset: Asset;
  readonly within?: PartitionRange;
}

const text = ({ asset, within }: Where): string =>
  within === undefined ? asset : `${asset}[${within.slice}${within.from}-${within.to}]`;

const isIn = ({ asset, within }: Where, place: Place): boolean =>
  within === undefined ? place.startsWith(`${asset} `) : placesOf(asset, within).includes(place);

/** The snapshot so many publishes ago. */
const ago = (model: ModelCatalog, back: number): number => Math.max(0, model.head - back);

export class RollBack extends Command {
  readonly where: readonly Where[];
  readonly to: "earlier" | { readonly back: number } | { readonly version: number };
  readonly dryRun: boolean;

  constructor(where: readonly Where[], to: RollBack["to"], dryRun: boolean) {
    super();
    this.where = where;
    this.to = to;
    this.dryRun = dryRun;
  }

  toString(): string {
    return `roll back${this.dryRun ? " dry" : ""}(${this.where.map(text).join(" ")} to ${JSON.stringify(this.to)})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const wanted = this.#wanted(model);
    if (wanted === undefined) return;
    // Holds tell by the millisecond what was left staged on account of them.
    await sleep(2);
    const targets = this.where.map(({ asset, within }) => real.target(asset, within));
    const { to, goals } = wanted;
    const request = { targets, to, ...me, dryRun: this.dryRun };
    const asked = real.state.holds.rollBack(real.scope, request);
    if (typeof goals === "string") {
      await refused(goals, asked);
      return;
    }
    const changes = new Map([...goals].filter(([place, version]) => model.pointers.get(place) !== version));
    const result = await asked;
    assert.deepEqual(
      result.moves.reduce((sum, { range }) => sum + range.to - range.from, 0),
      changes.size,
      "how many partitions go back",
    );
    if (changes.size > 0 && !this.dryRun) {
      model.write(changes);
      for (const place of changes.keys()) model.holds.set(place, model.holds.get(place) ?? model.tick);
    }
    assert.equal(result.snapshot, model.head);
  }

  /** What the places asked for are to point at; or how the rollback is refused. Undefined: nothing to ask for. */
  #wanted(model: ModelCatalog):
    | {
        readonly to: RollbackRequest["to"];
        readonly goals: ReadonlyMap<Place, ModelVersion | undefined> | Refusal;
      }
    | undefined {
    const { to, where } = this;
    if (to === "earlier") {
      const each = where.map((one) => earlier(model, one));
      return { to, goals: each.some(({ size }) => size === 0) ? "ROLLBACK_IMPOSSIBLE" : joined(each) };
    }
    if ("back" in to) {
      const number = ago(model, to.back);
      const snapshot = model.snapshots.get(number);
      if (snapshot === undefined) return { to: { snapshot: number }, goals: "SNAPSHOT_GONE" };
      const { pointers } = snapshot;
      const hadNone = where.some(
        ({ asset }) => ![...pointers.keys()].some((place) => isIn({ asset }, place)),
      );
      if (hadNone) return { to: { snapshot: number }, goals: "ROLLBACK_IMPOSSIBLE" };
      const places = new Set([...model.pointers.keys(), ...pointers.keys()]);
      const asked = [...places].filter((place) => where.some((one) => isIn(one, place)));
      const goals = new Map(asked.map((place) => [place, pointers.get(place)]));
      return { to: { snapshot: number }, goals };
    }
    const [one] = where;
    const known = [...model.versions.values()].filter(({ asset }) => asset === one?.asset);
    const version = known[to.version % known.length];
    if (one === undefined || where.length > 1 || version === undefined) return undefined;
    const id = { versionId: version.id };
    if (version.state !== "published") return { to: id, goals: "VERSION_NEVER_CURRENT" };
    if (model.condemned.has(version.id)) return { to: id, goals: "VERSION_GONE" };
    if (!version.everCurrent) return undefined;
    const asked = placesOfVersion(version).filter((place) => isIn(one, place));
    return { to: id, goals: new Map(asked.map((place) => [place, version])) };
  }
}

type Refusal = "SNAPSHOT_GONE" | "ROLLBACK_IMPOSSIBLE" | "VERSION_NEVER_CURRENT" | "VERSION_GONE";

/** For each place that is current or held: the newest version of its past that is older than what is current. */
function earlier(model: ModelCatalog, where: Where): ReadonlyMap<Place, ModelVersion> {
  const open = new Set([...model.pointers.keys(), ...model.holds.keys()]);
  return new Map(
    [...open].flatMap((place): [Place, ModelVersion][] => {
      if (!isIn(where, place)) return [];
      const current = model.pointers.get(place);
      const age = current === undefined ? Infinity : model.ageOf(current);
      const older = model.pastOf(place).filter((one) => model.ageOf(one) < age);
      const [newest] = older.toSorted((a, b) => model.ageOf(b) - model.ageOf(a));
      return newest === undefined ? [] : [[place, newest]];
    }),
  );
}

function joined(maps: readonly ReadonlyMap<Place, ModelVersion>[]): ReadonlyMap<Place, ModelVersion> {
  return new Map(maps.flatMap((map) => [...map]));
}

export class Release extends Command {
  readonly where: readonly Where[];
  readonly publish: boolean;

  constructor(where: readonly Where[], publish: boolean) {
    super();
    this.where = where;
    this.publish = publish;
  }

  toString(): string {
    return `release${this.publish ? " and publish" : ""}(${this.where.map(text).join(" ")})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const targets = this.where.map(({ asset, within }) => real.target(asset, within));
    const result = await real.state.holds.release(real.scope, { targets, ...me, publish: this.publish });
    const freed = [...model.holds].filter(([place]) => this.where.some((one) => isIn(one, place)));
    for (const [place] of freed) model.holds.delete(place);
    const waiting = [...model.versions.values()].filter((one) => {
      const places = new Set(placesOfVersion(one));
      const since = one.withheld ?? -1;
      return one.state === "staged" && freed.some(([place, held]) => places.has(place) && since >= held);
    });
    const newest = new Set(
      new Map(waiting.flatMap((one) => placesOfVersion(one).map((at) => [at, one]))).values(),
    );
    const judged = this.publish
      ? model.judge(
          waiting.filter((one) => newest.has(one)),
          false,
        )
      : { going: [], late: [], held: [] };
    model.settle(judged);
    if (judged.going.length > 0)
      model.write(
        new Map(judged.going.flatMap((one) => placesOfVersion(one).map((place) => [place, one] as const))),
      );
    const ids = (versions: readonly ModelVersion[]) => versions.map(({ id }) => id).toSorted();
    assert.equal(
      result.released.reduce((sum, { range }) => sum + range.to - range.from, 0),
      freed.length,
      "how many partitions are released",
    );
    assert.deepEqual(result.published.toSorted(), ids(judged.going), "published by the release");
    assert.deepEqual(result.superseded.toSorted(), ids(judged.late), "came too late for the release");
    assert.deepEqual(
      result.waiting.toSorted(),
      ids(waiting.filter(({ state }) => state === "staged")),
      "waiting",
    );
    assert.equal(result.snapshot, judged.going.length > 0 ? model.head : undefined);
  }
}

/** What has left the code leaves the catalog, held or not (N12). */
export class Retire extends Command {
  readonly where: Where;

  constructor(where: Where) {
    super();
    this.where = where;
  }

  toString(): string {
    return `retire(${text(this.where)})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const { asset, within } = this.where;
    const open = await real.begin([], model);
    const { assetId, spaceId } = real.target(asset, undefined);
    const place = within === undefined ? {} : { place: { spaceId, range: within } };
    const { snapshot } = await open.run.publish({ versionIds: [], retire: [{ assetId, ...place }] });
    await open.run.end();
    real.runs.delete(-1);
    const gone = [...model.pointers.keys(), ...model.holds.keys()].filter((one) => isIn(this.where, one));
    for (const one of gone) model.holds.delete(one);
    if (gone.length > 0) model.write(new Map(gone.map((one) => [one, undefined])));
    assert.equal(snapshot, model.head);
  }
}

export class Rename extends Command {
  readonly asset: Asset;

  constructor(asset: Asset) {
    super();
    this.asset = asset;
  }

  toString(): string {
    return `rename(${this.asset})`;
  }

  protected async perform(_: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    await real.rename(this.asset);
  }
}

export class Pin extends Command {
  readonly back: number;
  readonly name: string;

  constructor(back: number, name: string) {
    super();
    this.back = back;
    this.name = name;
  }

  toString(): string {
    return `pin(${this.back} back as ${this.name})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const number = ago(model, this.back);
    const asked = real.state.snapshots.pin(real.scope, number, { name: this.name, ...me });
    if (!model.snapshots.has(number)) await refused("SNAPSHOT_GONE", asked);
    else if ((model.pins.get(this.name) ?? number) !== number) await refused("SNAPSHOT_NAME_TAKEN", asked);
    else {
      await asked;
      model.pins.set(this.name, number);
    }
  }
}

export class Unpin extends Command {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  toString(): string {
    return `unpin(${this.name})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const asked = real.state.snapshots.unpin(real.scope, this.name, "ada");
    if (model.pins.has(this.name)) assert.equal(await asked, model.pins.get(this.name));
    else await refused("SNAPSHOT_NOT_FOUND", asked);
    model.pins.delete(this.name);
  }
}

/** The hand clock goes on. */
export class Pass extends Command {
  readonly hours: number;

  constructor(hours: number) {
    super();
    this.hours = hours;
  }

  toString(): string {
    return `${this.hours} h pass`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    await pass(real.made, this.hours * 3_600_000, real.scope.projectId);
    model.hours += this.hours;
  }
}

/** Condemns what nobody needs, and removes what was condemned a grace ago. */
export class Collect extends Command {
  toString(): string {
    return "collect";
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const foreseen = await real.state.retention.preview(real.scope, retention);
    assert.deepEqual(await collect(real, retention), foreseen);
    model.collect([...real.runs.values()].map(({ snapshot }) => snapshot));
    for (const file of await removeFiles(real, graceHours * 3_600_000)) real.removedFiles.add(file);
  }
}

/** What is current of an asset comes to lie in one file: nobody sees a difference, but in where it lies. */
export class Compact extends Command {
  readonly asset: Asset;

  constructor(asset: Asset) {
    super();
    this.asset = asset;
  }

  toString(): string {
    return `compact ${this.asset}`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const { state, scope } = real;
    const current = await state.catalog.current(scope, model.head, [real.idOf(this.asset)]);
    const versions = new Map(current.map(({ version }) => [version.id, version]));
    const id = randomUUID();
    const file = `${id}.parquet`;
    await state.locations.intend(scope, id, graceHours * 3_600_000);
    const pack = { rows: versions.size, bytes: versions.size };
    const moves = [...versions.values()].map(({ id: versionId, location }, at) => {
      const stored = { file, from: at, to: at + 1, bytes: 1, pack };
      return {
        versionId,
        from: location ?? assert.fail(`${versionId} has no location`),
        to: { store: "here", files: [stored] },
      };
    });
    const rewriting = { asset: this.asset, pack: id, bytes: pack.bytes, moves };
    const done = await state.locations.rewrite(scope, rewriting);
    assert.equal(done?.versions, moves.length);
    for (const versionId of versions.keys()) {
      const version = model.versions.get(versionId);
      if (version !== undefined) version.files = [file];
    }
  }
}
