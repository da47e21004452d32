import { isExternal, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import type { Hold } from "../../core/catalog/hold.ts";
import type { DiffLine } from "../../core/code/line-diff.ts";
import { MillraceError } from "../../core/errors.ts";
import { rangeOf, type PartitionRange } from "../../core/partition/range.ts";
import { RangeSet } from "../../core/partition/range-set.ts";
import { failsAgain } from "../../core/plan/fails-again.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { rangeSpan } from "../../core/plan/range-span.ts";
import { describeCause, type StaleCause } from "../../core/plan/stale-cause.ts";
import { stepInputs, versionInput } from "../../core/plan/step-inputs.ts";
import type { FailedStepRecord } from "../../core/run/run.ts";
import { stepReason } from "../../core/run/step-reason.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import { standingFailures } from "../runs/last-failures.ts";
import { projectStatus, type ProjectStatus } from "../assets/project-status.ts";
import { findEndpoint } from "../assets/show-endpoint.ts";
import { causeDetails, type CauseDetails } from "./why-causes.ts";
import { staleRoots } from "./why-upstream.ts";

export type { CauseDetails, DiffLine };

/** Why an asset, one partition of it, or what an endpoint reads, is as it is. */
export interface Why {
  readonly name: string;
  readonly kind: "asset" | "endpoint";
  readonly snapshot: number;
  /** Of an endpoint: of each asset that it reads. Partitions that are alike are told of together. */
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly asset: string;
  /** "2001-01 to 2001-03, 3 partitions"; absent for an asset without partitions. */
  readonly partitions: string | undefined;
  readonly status: "fresh" | "stale" | "upstream stale" | "missing" | "held" | "external";
  /** What makes it stale by itself (N21). */
  readonly causes: readonly CauseDetails[];
  /** What further up is stale by itself, and through what it is read. */
  readonly upstream: readonly UpstreamCause[];
  readonly hold: HoldDetails | undefined;
  /** The last attempt, where it failed. */
  readonly failure: FailureDetails | undefined;
  /** Why an external asset cannot be reached. */
  readonly problem: string | undefined;
}

export interface UpstreamCause {
  /** Keys, from what is read directly to what is stale. */
  readonly path: readonly string[];
  readonly partitions: string | undefined;
  readonly causes: readonly CauseDetails[];
}

export interface HoldDetails extends Omit<Hold, "at"> {
  readonly since: string;
}

export interface FailureDetails {
  readonly runId: string;
  readonly failedAt: string;
  readonly code: string;
  readonly reason: string;
  /** The code and the inputs are still those with which it failed: nothing asks for it again by itself (N23). */
  readonly sameAgain: boolean;
}

/**
 * Tells why something is stale: which files, options, packages and inputs changed, how, and through what.
 *
 * @param name An asset's key, `key[partition]`, or an endpoint's route or name
 * @throws ASSET_NOT_FOUND, PARTITION_UNKNOWN, PARTITION_NEEDED
 */
export async function why(name: string, context: ControlContext): Promise<Why> {
  const endpoint = context.graph.byKey.has(name) ? undefined : findEndpoint(name, context);
  const status = await projectStatus(context);
  if (endpoint !== undefined) {
    const read = [...new Set(endpoint.reads.values())];
    const findings = await Promise.all(read.map((asset) => findingsOf(asset, undefined, status, context)));
    return { name: endpoint.route, kind: "endpoint", snapshot: status.snapshot, findings: findings.flat() };
  }
  const [, key = name, partition] = /^(.*)\[([^\]]*)\]$/.exec(name) ?? [];
  const asset = context.graph.byKey.get(key);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  const only = partition === undefined ? undefined : rangeOf(ordinalOf(asset, partition, context));
  const findings = await findingsOf(asset, only, status, context);
  return { name, kind: "asset", snapshot: status.snapshot, findings };
}

function ordinalOf(asset: AssetDefinition, partition: string, { known, clock }: ControlContext): number {
  const { space } = knownAsset(known, asset);
  if (asset.partitions.kind === "none") {
    throw new MillraceError("PARTITION_NEEDED", { partition, key: asset.key });
  }
  const ordinal = space.ordinalOf(partition, clock.now());
  if (ordinal !== undefined) return ordinal;
  const edges = [space.at(0, clock.now()), space.at(-1, clock.now())];
  const [first, last] = edges.map((edge) => (edge === undefined ? "" : space.keyOf(edge)));
  throw new MillraceError("PARTITION_UNKNOWN", { partition, key: asset.key, known: `${first}..${last}` });
}

/** A partition with what is to be said of it. */
interface Standing {
  readonly range: PartitionRange;
  readonly status: Finding["status"];
  readonly causes: readonly StaleCause[];
  readonly hold: Hold | undefined;
  readonly failed: FailedStepRecord | undefined;
}

async function findingsOf(
  asset: AssetDefinition,
  only: PartitionRange | undefined,
  status: ProjectStatus,
  context: ControlContext,
): Promise<readonly Finding[]> {
  if (isExternal(asset)) return [externalFinding(asset, status)];
  const view = new CatalogView(status.snapshot, [...status.current.values()].flat());
  const failures = await standingFailures([asset], status.current, context);
  const failed = failures.get(knownAsset(context.known, asset).assetId) ?? [];
  const standings = standingsOf(asset, only, failed, status, context);
  const alike = Map.groupBy(standings, ({ status: one, causes, hold, failed: last }) =>
    JSON.stringify([one, causes.map(describeCause), hold, last && [last.runId, last.code, ownReason(last)]]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const ranges = group.map(({ range }) => range);
    return [
      {
        asset: asset.key,
        partitions: spanOf(asset, ranges, context),
        status: first.status,
        causes: first.causes.map((cause) => causeDetails(cause, asset, first.range, view, status, context)),
        upstream:
          first.status === "upstream stale" ? upstreamCauses(asset, ranges, view, status, context) : [],
        hold: first.hold && { by: first.hold.by, reason: first.hold.reason, since: isoTime(first.hold.at) },
        failure: first.failed && failureDetails(first.failed, asset, first.range, view, status, context),
        problem: undefined,
      },
    ];
  });
}

function externalFinding(asset: AssetDefinition, status: ProjectStatus): Finding {
  const problem = status.unreachable.get(asset)?.message;
  return {
    asset: asset.key,
    partitions: undefined,
    status: "external",
    causes: [],
    upstream: [],
    hold: undefined,
    failure: undefined,
    problem,
  };
}

function standingsOf(
  asset: AssetDefinition,
  only: PartitionRange | undefined,
  failed: readonly FailedStepRecord[],
  status: ProjectStatus,
  { known, clock }: ControlContext,
): readonly Standing[] {
  const [due, held] = [status.due.get(asset) ?? [], status.held.get(asset) ?? []];
  const lastFailed = new Map(failed.map((step) => [step.range.from, step]));
  const ordinals =
    only === undefined ? knownAsset(known, asset).space.ranges(clock.now()).ordinals() : [only.from];
  return Array.from(ordinals, (ordinal) => {
    const output = due.find(({ partitions }) => partitions.has(ordinal));
    const hold = held.find(({ partitions }) => partitions.has(ordinal));
    const causes = hold?.causes ?? output?.causes ?? [];
    const missing = causes.some(({ cause }) => cause === "missing");
    const stale = output?.certainty === "may run" ? "upstream stale" : missing ? "missing" : "stale";
    return {
      range: rangeOf(ordinal),
      status: hold !== undefined ? "held" : output === undefined ? "fresh" : stale,
      causes,
      hold: hold?.hold,
      failed: lastFailed.get(ordinal),
    };
  });
}

function upstreamCauses(
  asset: AssetDefinition,
  ranges: readonly PartitionRange[],
  view: CatalogView,
  status: ProjectStatus,
  context: ControlContext,
): readonly UpstreamCause[] {
  return staleRoots(asset, ranges, status, context).flatMap(({ path, outputs }) => {
    const root = path.at(-1);
    if (root === undefined) return [];
    const alike = Map.groupBy(outputs, ({ causes }) => JSON.stringify(causes.map(describeCause)));
    return [...alike.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [
        {
          path: path.map(({ key }) => key),
          partitions: spanOf(
            root,
            group.flatMap(({ partitions }) => partitions.ranges),
            context,
          ),
          causes: first.causes.map((cause) =>
            causeDetails(cause, root, rangeOf(first.partitions.ranges[0]?.from ?? 0), view, status, context),
          ),
        },
      ];
    });
  });
}

function failureDetails(
  failed: FailedStepRecord,
  asset: AssetDefinition,
  range: PartitionRange,
  view: CatalogView,
  status: ProjectStatus,
  { known, clock, codeVersionOf }: ControlContext,
): FailureDetails {
  const inputs = stepInputs(asset, range, known, clock.now()).flatMap((input) => {
    const observed = status.observed.get(input.asset)?.dataVersion;
    return versionInput(input, view, knownAsset(known, input.asset), observed) ?? [];
  });
  const { runId, endedAt, code } = failed;
  const sameAgain = failsAgain(failed, codeVersionOf(asset), inputs);
  return { runId, failedAt: isoTime(endedAt), code, reason: ownReason(failed), sameAgain };
}

/** It is told beside the asset's name. */
function ownReason({ key, reason }: FailedStepRecord): string {
  return stepReason(key, reason);
}

function spanOf(
  asset: AssetDefinition,
  ranges: readonly PartitionRange[],
  { known }: ControlContext,
): string | undefined {
  const { space } = knownAsset(known, asset);
  return space.definition.kind === "none" ? undefined : rangeSpan(RangeSet.of(ranges), space);
}
