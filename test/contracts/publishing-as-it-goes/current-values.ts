import type { VersionRecord } from "../../../src/core/catalog/version.ts";
import type { RunEvent } from "../../../src/core/run/event.ts";
import type { Process } from "../whole-asset-checks/processes.ts";

/** What is current of an asset, by partition (empty without one). */
export async function currentVersions(
  { open }: Process,
  key: string,
): Promise<ReadonlyMap<string, VersionRecord>> {
  const { state, scope, known } = open.context;
  const placed = known.get(key);
  if (placed === undefined) throw new Error(`no asset ${key}`);
  const { number } = await state.catalog.head(scope);
  const current = await state.catalog.current(scope, number, [placed.assetId]);
  return new Map(current.map(({ range, version }) => [placed.space.keyOf(range.from) ?? "", version]));
}

/** The value of an unpartitioned asset that is current, as state holds it; undefined where there is none. */
export async function currentValue(process: Process, key: string): Promise<unknown> {
  const location = (await currentVersions(process, key)).get("")?.location;
  return location !== undefined && "inline" in location ? JSON.parse(location.inline) : undefined;
}

export async function head({ open }: Process): Promise<number> {
  return (await open.context.state.catalog.head(open.context.scope)).number;
}

/** "3 flights": the number of each snapshot that a run has published, and what of. */
export async function publishes({ open }: Process, runId: string): Promise<readonly string[]> {
  const { state, scope } = open.context;
  const events: readonly RunEvent[] = await state.events.read(scope, { runId, limit: 1_000 });
  return events.flatMap((event) =>
    event.type === "published"
      ? [`${event.data.snapshot} ${(event.data.assets ?? []).join(" ")}`.trim()]
      : [],
  );
}
