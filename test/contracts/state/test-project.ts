import { randomUUID } from "node:crypto";
import type { VersionInput } from "../../../src/core/catalog/version.ts";
import { type PartitionRange, wholeRange } from "../../../src/core/partition/range.ts";
import type { RunOwner } from "../../../src/core/run/run.ts";
import type { State } from "../../../src/ports/state.ts";
import type { RegisteredAsset, Scope, SpaceRegistration } from "../../../src/ports/state/project-store.ts";
import type {
  NewStep,
  StepPlace,
  PublishRequest,
  PublishResult,
  RunChange,
  RunLease,
  StagedVersion,
} from "../../../src/ports/state/run-store.ts";

export const unpartitioned: SpaceRegistration = { identity: "none" };
export const daily: SpaceRegistration = { identity: "time:day:UTC" };

export const owner: RunOwner = { host: "here", pid: 4711, processStart: "then" };

/** Long enough to hold for a whole test. */
export const longLease = 600_000;

/** A step of an asset, its place at hand. */
export type AssetStep = NewStep & StepPlace;

/** A project with assets, and short ways to do what runs do. */
export class TestProject {
  readonly state: State;
  readonly scope: Scope;
  readonly #assets: ReadonlyMap<string, RegisteredAsset>;

  private constructor(state: State, scope: Scope, assets: ReadonlyMap<string, RegisteredAsset>) {
    this.state = state;
    this.scope = scope;
    this.#assets = assets;
  }

  static async open(
    state: State,
    assets: Readonly<Record<string, SpaceRegistration>> = { orders: unpartitioned, days: daily },
    names: { project?: string; environment?: string } = {},
  ): Promise<TestProject> {
    const scope = await state.projects.open(names.project ?? "shop", names.environment ?? "production");
    const registrations = Object.entries(assets).map(([key, space]) => ({ key, space }));
    return new TestProject(state, scope, await state.projects.register(scope, registrations));
  }

  /** An environment that is based on this one: at its newest snapshot when none is given (N11). */
  async branch(name: string, snapshot?: number): Promise<TestProject> {
    const at = snapshot ?? (await this.head());
    return new TestProject(
      this.state,
      await this.state.environments.create(this.scope, name, at),
      this.#assets,
    );
  }

  /** The same project through another handle. */
  through(state: State): TestProject {
    return new TestProject(state, this.scope, this.#assets);
  }

  asset(key: string): RegisteredAsset {
    const asset = this.#assets.get(key);
    if (asset === undefined) throw new Error(`no asset ${key}`);
    return asset;
  }

  step(asset: string, range: PartitionRange = wholeRange): AssetStep {
    const { assetId, spaceId } = this.asset(asset);
    const key = range === wholeRange ? asset : `${asset}[${range.slice}${range.from}-${range.to}]`;
    const place = { spaceId, range };
    return { key, outputs: [{ asset, assetId }], place, ...place };
  }

  async run(
    steps: readonly AssetStep[],
    options: { id?: string; identity?: string; leaseMs?: number; codePin?: string } = {},
  ): Promise<TestRun> {
    const { id = randomUUID(), identity = id, leaseMs = longLease, codePin } = options;
    const pin = codePin === undefined ? {} : { codePin };
    const made = { id, identity, basis: "same", ...pin, selection: "*", trigger: "test", tags: {}, steps };
    return new TestRun(this, await this.state.runs.create(this.scope, made, owner, leaseMs), steps);
  }

  /** One run that makes these steps and publishes them. */
  async materialize(
    ...made: readonly (readonly [AssetStep, Partial<StagedVersion>])[]
  ): Promise<PublishResult> {
    const run = await this.run(made.map(([step]) => step));
    const versionIds = [];
    for (const [step, version] of made) versionIds.push(await run.make(step, version));
    const result = await run.publish({ versionIds });
    await run.end();
    return result;
  }

  /** What is current: `asset range → data version`, in the order the catalog gives it. */
  async current(snapshot: number, assets?: readonly string[]): Promise<string[]> {
    const ids = assets?.map((key) => this.asset(key).assetId);
    const names = new Map([...this.#assets].map(([key, { assetId }]) => [assetId, key]));
    const current = await this.state.catalog.current(this.scope, snapshot, ids);
    return current.map(({ range, version }) => {
      const place = `${range.slice}${range.from}-${range.to}`;
      return `${names.get(version.assetId) ?? version.assetId} ${place} ${version.dataVersion}`;
    });
  }

  async head(): Promise<number> {
    return (await this.state.catalog.head(this.scope)).number;
  }
}

export class TestRun {
  readonly project: TestProject;
  readonly lease: RunLease;
  readonly steps: readonly AssetStep[];

  constructor(project: TestProject, lease: RunLease, steps: readonly AssetStep[]) {
    this.project = project;
    this.lease = lease;
    this.steps = steps;
  }

  get id(): string {
    return this.lease.runId;
  }

  apply(...changes: readonly RunChange[]): Promise<void> {
    return this.project.state.runs.apply(this.project.scope, this.lease, changes);
  }

  start(step: AssetStep): Promise<void> {
    return this.apply({ change: "step.started", step: step.key });
  }

  /** Starts a step, stages its version and succeeds, in one batch. Gives the version's id. */
  async make(step: AssetStep, version: Partial<StagedVersion> = {}): Promise<string> {
    const made = staged(version);
    await this.apply(
      { change: "step.started", step: step.key },
      { change: "version.staged", step: step.key, asset: assetOf(step), version: made },
      { change: "step.succeeded", step: step.key, versionIds: [made.id] },
    );
    return made.id;
  }

  publish(request: PublishRequest): Promise<PublishResult> {
    return this.project.state.runs.publish(this.project.scope, this.lease, request);
  }

  end(status: "success" | "failure" | "canceled" = "success", error?: string): Promise<void> {
    return this.project.state.runs.end(
      this.project.scope,
      this.lease,
      status,
      ...(error === undefined ? [] : [error]),
    );
  }
}

/** Of a step with one output. */
export function assetOf({ outputs }: AssetStep): string {
  return outputs[0]?.asset ?? "";
}

export function staged(version: Partial<StagedVersion> = {}): StagedVersion {
  const id = version.id ?? randomUUID();
  return {
    id,
    kind: "value",
    location: { inline: "1" },
    dataVersion: `sha256:${id}`,
    bytes: 1,
    codeVersion: "code 1",
    inputs: [],
    metadata: {},
    ...version,
  };
}

export function input(asset: string, snapshot: number, dataVersion: string): VersionInput {
  return { asset, snapshot, dataVersion };
}

export function days(from: number, to = from + 1): PartitionRange {
  return { slice: "", from, to };
}
