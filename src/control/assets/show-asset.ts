import { configJsonSchema, type JsonSchema } from "../../core/config/config-json-schema.ts";
import { isExternal, sourceFile, type AssetDefinition } from "../../core/asset/asset-definition.ts";
import { madeAt, type CurrentVersion } from "../../core/catalog/version.ts";
import type { CheckDefinition } from "../../core/check/check-definition.ts";
import type { CheckEvaluation } from "../../core/check/evaluation.ts";
import type { Column } from "../../core/column/column.ts";
import { columnsOf } from "../../core/column/columns-of.ts";
import { MillraceError, type ErrorPlace } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { describeCause } from "../../core/plan/stale-cause.ts";
import { stepPolicy } from "../../core/run/step-policy.ts";
import { sqlSketch } from "../../core/sql/sql-sketch.ts";
import { summarizeAsset, type AssetSummary } from "./asset-summary.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";
import { lastFailures, type LastFailure } from "../runs/last-failures.ts";
import { partitionName } from "../snapshots/named-places.ts";
import { projectStatus, type ProjectStatus } from "./project-status.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";

/** An asset in full: how it is defined, who it reads and who reads it, and what is current of it. */
export interface AssetDetails extends AssetSummary {
  /** Where it is defined. */
  readonly place: Pick<ErrorPlace, "file" | "line">;
  readonly madeBy: "sql" | "run" | "graph" | "external";
  /** The author's SQL, with names in the place of what is interpolated. */
  readonly sql: string | undefined;
  /** Path of an external asset's content. */
  readonly source: string | undefined;
  readonly codeVersion: string | undefined;
  /** What a run can give it, as JSON Schema; undefined where it takes no config. */
  readonly config: JsonSchema | undefined;
  readonly columns: readonly Column[] | undefined;
  /** Under the names by which its code reads them. */
  readonly dependencies: readonly { readonly name: string; readonly key: string }[];
  readonly downstream: { readonly assets: readonly string[]; readonly endpoints: readonly string[] };
  readonly retries: number;
  readonly timeoutMs: number | undefined;
  readonly checks: readonly CheckDetails[];
  readonly versions: readonly VersionDetails[];
  /** What an external asset looked like, the newest first; a line for each change and each report. */
  readonly observations: readonly ObservationDetails[];
  /** Attempts that failed after what is current was made. */
  readonly lastFailures: readonly LastFailure[];
  readonly metadata: StoredMetadata;
  readonly snapshot: number;
}

export interface CheckDetails {
  readonly name: string;
  readonly rule: string;
  readonly blocking: boolean;
  readonly severity: "warn" | "error";
  /** On the current versions; the newest for each. */
  readonly evaluations: readonly EvaluationDetails[];
}

export interface EvaluationDetails {
  readonly partition: string | undefined;
  readonly passed: boolean;
  readonly description: string | undefined;
  readonly evaluatedAt: string;
  /** Absent for one that was asked later, by `recheck`. */
  readonly runId: string | undefined;
}

/** A current version: of the asset, or of one partition. */
export interface VersionDetails {
  readonly versionId: string;
  readonly partition: string | undefined;
  readonly dataVersion: string | undefined;
  readonly rowCount: number | undefined;
  readonly bytes: number | undefined;
  readonly runId: string;
  readonly madeAt: string;
  readonly publishedAt: string;
  /** The snapshot that made it current. */
  readonly since: number;
  /** Who keeps it where it is, and why (N17). */
  readonly hold: { readonly by: string; readonly reason: string; readonly since: string } | undefined;
  /** Equal for equal config; undefined where its code takes none. */
  readonly configHash: string | undefined;
  /** The same of the data-affecting resources that its code works with. */
  readonly resourceHash: string | undefined;
  /** Why it is stale; empty when it is not. */
  readonly causes: readonly string[];
  readonly metadata: StoredMetadata;
}

export interface ObservationDetails {
  readonly dataVersion: string;
  readonly firstObservedAt: string;
  readonly observedAt: string;
  readonly metadata: StoredMetadata;
  /** Who reported it; undefined for what was observed. */
  readonly reportedBy: string | undefined;
}

/** So far back looks who asks what became of a source. */
const observationsShown = 20;

/**
 * @param asOf a snapshot (number, token, pinned name or time); the newest when absent. The definition is today's.
 * @throws ASSET_NOT_FOUND, SNAPSHOT_INVALID, SNAPSHOT_NOT_FOUND, SNAPSHOT_GONE
 */
export async function showAsset(key: string, context: ControlContext, asOf?: string): Promise<AssetDetails> {
  const asset = context.graph.byKey.get(key);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  const status = await projectStatus(context, asOf);
  const current = status.current.get(asset) ?? [];
  const checks = context.project.checks.get(asset) ?? [];
  const evaluations =
    checks.length === 0
      ? []
      : await context.state.catalog.evaluations(
          context.scope,
          current.map(({ version }) => version.id),
        );
  const { body, computation } = asset;
  const policy = isExternal(asset) ? {} : stepPolicy(computation.policy, context.project.policy);
  return {
    ...summarizeAsset(asset, status, context),
    place: asset.site.place,
    madeBy: body.body,
    sql: body.body === "sql" ? sqlSketch(body.sql) : undefined,
    source: sourceFile(asset)?.path,
    codeVersion: body.body === "external" ? undefined : context.codeVersionOf(asset),
    columns: asset.columns === undefined ? undefined : columnsOf(key, asset.columns).columns,
    config: computation.config === undefined ? undefined : configJsonSchema(computation.config),
    dependencies: [...asset.dependencies].map(([name, dependency]) => ({ name, key: dependency.key })),
    downstream: {
      assets: context.graph.downstreamOf(asset).map((reader) => reader.key),
      endpoints: context.project.endpoints
        .filter((endpoint) => [...endpoint.reads.values()].includes(asset))
        .map((endpoint) => endpoint.route),
    },
    retries: policy.retry?.max ?? 0,
    timeoutMs: policy.timeoutMs,
    checks: checks.map((check) => checkDetails(check, asset, current, evaluations, context)),
    versions: current.map((pointer) => versionDetails(pointer, asset, status, context)),
    observations: await observationsOf(asset, context),
    lastFailures: status.past ? [] : await lastFailures(asset, current, context),
    metadata: asset.metadata,
    snapshot: status.snapshot,
  };
}

async function observationsOf(
  asset: AssetDefinition,
  { state, scope, known }: ControlContext,
): Promise<readonly ObservationDetails[]> {
  if (!isExternal(asset)) return [];
  const history = await state.observations.history(
    scope,
    knownAsset(known, asset).assetId,
    observationsShown,
  );
  return history.map(({ dataVersion, firstObservedAt, observedAt, metadata = {}, report }) => ({
    dataVersion,
    firstObservedAt: isoTime(firstObservedAt),
    observedAt: isoTime(observedAt),
    metadata,
    reportedBy: report?.by,
  }));
}

function checkDetails(
  check: CheckDefinition,
  asset: AssetDefinition,
  current: readonly CurrentVersion[],
  evaluations: readonly CheckEvaluation[],
  context: ControlContext,
): CheckDetails {
  const own = evaluations.filter((evaluation) => evaluation.check === check.name);
  const newest = current.flatMap((pointer): EvaluationDetails[] => {
    const [last] = own
      .filter((evaluation) => evaluation.versionId === pointer.version.id)
      .sort((a, b) => b.evaluatedAt - a.evaluatedAt);
    if (last === undefined) return [];
    const { passed, description, runId } = last;
    const evaluatedAt = isoTime(last.evaluatedAt);
    return [
      {
        partition: partitionName(pointer.range, knownAsset(context.known, asset)),
        passed,
        description,
        evaluatedAt,
        runId,
      },
    ];
  });
  const { name, blocking, severity } = check;
  return { name, rule: check.rule.rule, blocking, severity, evaluations: newest };
}

function versionDetails(
  pointer: CurrentVersion,
  asset: AssetDefinition,
  status: ProjectStatus,
  context: ControlContext,
): VersionDetails {
  const { version, range } = pointer;
  const steps = [...(status.due.get(asset) ?? []), ...(status.held.get(asset) ?? [])];
  const due = steps.find(({ partitions }) => partitions.has(range.from, range.slice));
  const { hold } = pointer;
  return {
    versionId: version.id,
    partition: partitionName(range, knownAsset(context.known, asset)),
    dataVersion: version.dataVersion,
    configHash: version.configHash,
    resourceHash: version.resourceHash,
    rowCount: version.rowCount,
    bytes: version.bytes,
    runId: version.runId,
    madeAt: isoTime(madeAt(version)),
    publishedAt: isoTime(pointer.publishedAt),
    since: pointer.since,
    hold: hold && { by: hold.by, reason: hold.reason, since: isoTime(hold.at) },
    causes: due?.causes.map(describeCause) ?? [],
    metadata: version.metadata ?? {},
  };
}
