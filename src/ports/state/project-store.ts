/** A project and one of its environments, as state knows them. */
export interface Scope {
  readonly projectId: number;
  readonly environmentId: number;
  readonly environment: string;
  /** What it shows where it has nothing of its own (N11); absent for the environment that a project begins with. */
  readonly base?: EnvironmentBase;
}

/** Another environment as it was: never changes. */
export interface EnvironmentBase {
  readonly scope: Scope;
  /** Snapshots up to this one are those of the base; the environment's own have higher numbers. */
  readonly snapshot: number;
  /** The last observation of an external asset that counts. */
  readonly observation: number;
  /** The last evaluation of a check that counts. */
  readonly evaluation: number;
}

/** Where an asset's partitions live: an identity of the partitioning; changed partitioning is another space (N12). */
export interface SpaceRegistration {
  /** For instance `none`, `time:month:UTC`, `static`. */
  readonly identity: string;
  /** Keys of a static partitioning; they get lasting ordinals the first time they are seen. Absent for the others. */
  readonly keys?: readonly string[];
}

export interface AssetRegistration {
  readonly key: string;
  readonly space: SpaceRegistration;
  /** The key that it had before: its identity goes on under the new one (N12). */
  readonly renamedFrom?: string;
}

export interface RegisteredAsset {
  readonly assetId: number;
  /** Its key in state: another than in this code where a renaming has reached only one of the two. */
  readonly recordedAs: string;
  readonly spaceId: number;
  /** Ordinal of each static key ever seen in this space, also of those no longer declared. */
  readonly ordinals?: ReadonlyMap<string, number>;
}

export interface ProjectStore {
  /** The project and the environment of these names, made if they are new: then without a base. */
  open(project: string, environment: string): Promise<Scope>;
  /** The same, if it is there. */
  find(project: string, environment: string): Promise<Scope | undefined>;
  /** Gives each asset and each partition space its lasting id. Idempotent; 10,000 assets in well under a second. */
  register(scope: Scope, assets: readonly AssetRegistration[]): Promise<ReadonlyMap<string, RegisteredAsset>>;
}
