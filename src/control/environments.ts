import { checkEnvironmentName } from "../core/catalog/environment-name.ts";
import { MillraceError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import type { EnvironmentRecord, OwnAsset } from "../ports/state/environment-store.ts";
import type { ControlContext } from "./control-context.ts";
import { isoTime } from "./iso-time.ts";
import { resolveSnapshot } from "./snapshots/resolve-snapshot.ts";

/** One environment in a list. Times are ISO 8601. */
export interface EnvironmentSummary {
  readonly name: string;
  /** What it shows where it has nothing of its own; undefined for the one that the project began with. */
  readonly base: { readonly environment: string; readonly snapshot: number } | undefined;
  /** The newest snapshot, and when it was published; undefined for the empty one. */
  readonly snapshot: number;
  readonly publishedAt: string | undefined;
  readonly createdAt: string;
  /** Assets of which it has something of its own now. */
  readonly ownAssets: number;
  readonly runs: number;
  /** Those that are based on it. */
  readonly children: readonly string[];
}

/** One environment in full. */
export interface EnvironmentDetails extends EnvironmentSummary {
  /** What it shows otherwise than its base. */
  readonly own: readonly OwnAsset[];
}

/** In order of making. */
export async function listEnvironments({
  state,
  scope,
}: ControlContext): Promise<readonly EnvironmentSummary[]> {
  return (await state.environments.list(scope)).map(summary);
}

/** @throws ENVIRONMENT_NOT_FOUND */
export async function showEnvironment(name: string, context: ControlContext): Promise<EnvironmentDetails> {
  const record = await findEnvironment(name, context);
  const scope = await context.state.projects.find(context.project.name, name);
  const own = scope === undefined ? [] : await context.state.environments.ownAssets(scope);
  return { ...summary(record), own };
}

/**
 * Makes an environment over the one that is open (N11).
 *
 * @param at Number, token, pinned name or time of the snapshot to base it on; the newest when absent
 * @throws ENVIRONMENT_NAME_INVALID, ENVIRONMENT_EXISTS, SNAPSHOT_GONE and the like
 */
export async function createEnvironment(
  { name, at }: { readonly name: string; readonly at?: string | undefined },
  context: ControlContext,
): Promise<EnvironmentSummary> {
  checkEnvironmentName(name);
  const { number } = await resolveSnapshot(at, context);
  await context.state.environments.create(context.scope, name, number);
  return summary(await findEnvironment(name, context));
}

/** Gives an environment up. @throws ENVIRONMENT_NOT_FOUND, ENVIRONMENT_IN_USE */
export async function dropEnvironment(
  name: string,
  context: ControlContext,
): Promise<{ readonly name: string; readonly ownAssets: number }> {
  const { ownAssets } = await findEnvironment(name, context);
  const scope = await context.state.projects.find(context.project.name, name);
  if (scope === undefined) throw new MillraceError("ENVIRONMENT_NOT_FOUND", { environment: name });
  await context.state.environments.drop(scope);
  return { name, ownAssets };
}

async function findEnvironment(name: string, { state, scope }: ControlContext): Promise<EnvironmentRecord> {
  const there = await state.environments.list(scope);
  const found = there.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = there.map((one) => one.name);
  throw new MillraceError(
    "ENVIRONMENT_NOT_FOUND",
    { environment: name },
    { suggestions: suggest(name, names) },
  );
}

function summary(record: EnvironmentRecord): EnvironmentSummary {
  const { name, base, snapshot, publishedAt, createdAt, ownAssets, runs, children } = record;
  return {
    name,
    base,
    snapshot,
    publishedAt: publishedAt === 0 ? undefined : isoTime(publishedAt),
    createdAt: isoTime(createdAt),
    ownAssets,
    runs,
    children,
  };
}
