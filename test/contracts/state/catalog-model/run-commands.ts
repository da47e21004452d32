import assert from "node:assert/strict";
import type * as fc from "fast-check";
import { refused } from "../refusal.ts";
import type { CatalogUnderTest, OpenRun, RunStep, Wanted } from "./catalog-under-test.ts";
import { type ModelCatalog, type Place, placesOf, placesOfVersion } from "./model-catalog.ts";
import { compareCatalogs } from "./compare-catalogs.ts";

export type CatalogCommand = fc.AsyncCommand<ModelCatalog, CatalogUnderTest>;

/** A command, and after it the question whether both say the same. */
export abstract class Command implements CatalogCommand {
  abstract toString(): string;
  protected abstract perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void>;

  check(): boolean {
    return true;
  }

  async run(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    model.tick += 1;
    await this.perform(model, real);
    await compareCatalogs(model, real);
  }
}

function text({ kind, slice, from, length, content, share, append }: Wanted): string {
  const place = kind === "days" || kind === "pair" ? `[${slice}${from}-${from + length}]` : "";
  return `${kind}${place}=${content}${share ? "~" : ""}${append ? "+" : ""}`;
}

function placesOfStep({ outputs, range }: RunStep): readonly Place[] {
  return outputs.flatMap((asset) => placesOf(asset, range));
}

/** Is one of these places claimed by another run at work (N15)? */
function isClaimed(places: readonly Place[], open: OpenRun, real: CatalogUnderTest): boolean {
  const others = [...real.runs.values()].filter((one) => one !== open);
  const claimed = new Set(others.flatMap(({ claims }) => [...claims.values()].flat()));
  return places.some((place) => claimed.has(place));
}

/** Begins a step; false when another run is at it. */
async function start(open: OpenRun, step: RunStep, real: CatalogUnderTest): Promise<boolean> {
  const places = placesOfStep(step);
  if (isClaimed(places, open, real)) {
    await refused("RUN_CLAIMED", open.run.start(step.made));
    return false;
  }
  await open.run.start(step.made);
  const own = new Set(places);
  for (const [key, claimed] of open.claims)
    if (claimed.some((place) => own.has(place))) open.claims.delete(key);
  open.claims.set(step.made.key, places);
  step.status = "begun";
  return true;
}

async function make(
  open: OpenRun,
  step: RunStep,
  model: ModelCatalog,
  real: CatalogUnderTest,
): Promise<void> {
  const versions = await real.stage(open, step, model);
  const versionIds = versions.map(({ id }) => id);
  await open.run.apply({ change: "step.succeeded", step: step.made.key, versionIds });
  step.status = "made";
}

async function publish(
  open: OpenRun,
  force: boolean,
  model: ModelCatalog,
  real: CatalogUnderTest,
): Promise<void> {
  const made = new Set(open.steps.filter(({ status }) => status === "made").map(({ made: { key } }) => key));
  const going = open.made.filter(({ step, state }) => made.has(step) && state !== "rejected");
  const versionIds = going.map(({ id }) => id);
  const staged = going.filter(({ state }) => state === "staged");
  const request = { versionIds, ...(force ? { force } : {}) };
  if (isClaimed(staged.flatMap(placesOfVersion), open, real)) {
    await refused("RUN_CLAIMED", open.run.publish(request));
    return;
  }
  const result = await open.run.publish(request);
  const expected = model.publish(versionIds, force);
  for (const { step } of staged) open.claims.delete(step);
  assert.equal(result.snapshot, expected.snapshot, "the snapshot of the publish");
  for (const list of ["published", "superseded", "held"] as const)
    assert.deepEqual(result[list].toSorted(), expected[list].toSorted(), list);
}

async function end(slot: number, open: OpenRun, model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
  await open.run.end();
  for (const version of open.made) if (version.state === "intended") version.state = "abandoned";
  real.runs.delete(slot);
}

/** One run that makes these steps, publishes and ends. */
export class Materialize extends Command {
  readonly wanted: readonly Wanted[];

  constructor(wanted: readonly Wanted[]) {
    super();
    this.wanted = wanted;
  }

  toString(): string {
    return `materialize(${this.wanted.map(text).join(" ")})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const open = await real.begin(this.wanted, model);
    for (const step of open.steps) if (await start(open, step, real)) await make(open, step, model, real);
    await publish(open, false, model, real);
    await end(-1, open, model, real);
  }
}

/** A run that stays at work while other things happen. */
export class Begin extends Command {
  readonly slot: number;
  readonly wanted: readonly Wanted[];

  constructor(slot: number, wanted: readonly Wanted[]) {
    super();
    this.slot = slot;
    this.wanted = wanted;
  }

  toString(): string {
    return `begin #${this.slot}(${this.wanted.map(text).join(" ")})`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    if (!real.runs.has(this.slot)) await real.begin(this.wanted, model, this.slot);
  }
}

type Ending = "make" | "intend" | "reject" | "fail";

/** A step of a run that is at work. */
export class Work extends Command {
  readonly slot: number;
  readonly ending: Ending;

  constructor(slot: number, ending: Ending) {
    super();
    this.slot = slot;
    this.ending = ending;
  }

  toString(): string {
    return `${this.ending} #${this.slot}`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const open = real.runs.get(this.slot);
    const step = open?.steps.find(({ status }) => status === "pending" || status === "begun");
    if (open === undefined || step === undefined || !(await start(open, step, real))) return;
    if (this.ending === "make") return make(open, step, model, real);
    if (this.ending === "intend") {
      for (const { asset } of step.made.outputs) {
        const versionId = `${open.run.id}-${asset}-${model.tick}`;
        const at = { step: step.made.key, asset };
        await open.run.apply({ change: "version.intended", ...at, versionId, kind: "table" });
      }
      return;
    }
    const versions = await real.stage(open, step, model);
    if (this.ending === "reject")
      for (const [index, version] of versions.entries()) {
        const at = { step: step.made.key, asset: step.made.outputs[index]?.asset ?? "" };
        await open.run.apply({ change: "version.rejected", ...at, versionId: version.id, reason: "bad" });
      }
    await open.run.apply({ change: "step.failed", step: step.made.key, reason: "no", code: "STEP_FAILED" });
    for (const version of versions) version.state = this.ending === "reject" ? "rejected" : "abandoned";
    open.claims.delete(step.made.key);
    step.status = "failed";
  }
}

/** Publishes what a run at work has made, or ends it, or both. */
export class Finish extends Command {
  readonly slot: number;
  readonly how: { readonly publish?: "publish" | "force"; readonly end: boolean };

  constructor(slot: number, how: Finish["how"]) {
    super();
    this.slot = slot;
    this.how = how;
  }

  toString(): string {
    return `${[this.how.publish ?? [], this.how.end ? "end" : []].flat().join(" and ")} #${this.slot}`;
  }

  protected async perform(model: ModelCatalog, real: CatalogUnderTest): Promise<void> {
    const open = real.runs.get(this.slot);
    if (open === undefined) return;
    if (this.how.publish !== undefined) await publish(open, this.how.publish === "force", model, real);
    if (this.how.end) await end(this.slot, open, model, real);
  }
}
