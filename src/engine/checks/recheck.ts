import { randomUUID } from "node:crypto";
import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import { CatalogView } from "../../core/catalog/catalog-view.ts";
import { readableParts } from "../../core/catalog/readable-part.ts";
import type { CurrentVersion } from "../../core/catalog/version.ts";
import { checksOfVersions, checksOfWhole } from "../../core/check/effective-scope.ts";
import { MillraceError } from "../../core/errors.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { RecheckRequest, RecheckTarget } from "../../ports/check-runner.ts";
import type { LaterEvaluation } from "../../ports/state/evaluation-store.ts";
import { askWholeAsset } from "./ask-whole-asset.ts";
import type { CheckCircumstances } from "./check-context.ts";
import type { CheckSubject } from "./check-subject.ts";
import type { EngineOptions } from "../engine-options.ts";
import { evaluateChecks } from "./evaluate-checks.ts";
import { evaluationOf } from "./evaluation-of.ts";
import { factsOf, readOf } from "./version-facts.ts";

/**
 * Asks the checks of versions that are current (N23): of each of them, and of the whole asset where a check is about that.
 * What is found is attached to the versions, asset by asset, and no pointer moves.
 */
export async function recheck(
  request: RecheckRequest,
  options: EngineOptions,
): Promise<readonly LaterEvaluation[]> {
  const view = new CatalogView(request.snapshot, request.current);
  const found: LaterEvaluation[] = [];
  const resources = options.resources.session();
  try {
    for (const target of request.targets) {
      const evaluations = await recheckAsset(target, view, { ...request, resources }, options);
      await options.state.evaluations.record(options.scope, evaluations);
      request.report(evaluations);
      found.push(...evaluations);
    }
  } finally {
    await resources.close();
  }
  return found;
}

async function recheckAsset(
  { asset, versions }: RecheckTarget,
  view: CatalogView,
  { signal, logOf, resources }: RecheckRequest & Pick<CheckCircumstances, "resources">,
  options: EngineOptions,
): Promise<readonly LaterEvaluation[]> {
  const checks = options.checksOf(asset);
  const earlier = new Earlier(asset, options);
  const circumstances = { log: logOf(asset.key), attempt: 1, runId: randomUUID(), resources };
  const found: LaterEvaluation[] = [];
  const ofVersions = checksOfVersions(checks, asset);
  for (const current of ofVersions.length === 0 ? [] : versions) {
    const about = { asset, current, view, earlier, signal, circumstances };
    const subject = await versionSubject(about, options);
    const versionId = current.version.id;
    for (const one of await evaluateChecks(subject, ofVersions, new Map(), options)) {
      const at = options.clock.now();
      found.push({ ...evaluationOf(one, { asset, versionId, at }), asset: asset.key });
    }
  }
  const ofWhole = checksOfWhole(checks, asset);
  const newest = versions.toSorted((a, b) => a.since - b.since).at(-1);
  if (ofWhole.length > 0 && newest !== undefined) {
    const before = (await earlier.at(newest.since)) ?? new CatalogView(newest.since - 1, []);
    const versionId = newest.version.id;
    const whole = { asset, checks: ofWhole, view, before, signal, circumstances, versionId };
    for (const evaluation of await askWholeAsset(whole, options))
      found.push({ ...evaluation, asset: asset.key });
  }
  return found;
}

/** What was current of an asset before it became what it is. Read once for each snapshot, and only if it is asked for. */
class Earlier {
  readonly #asset: AssetDefinition;
  readonly #options: EngineOptions;
  readonly #views = new Map<number, Promise<CatalogView | undefined>>();

  constructor(asset: AssetDefinition, options: EngineOptions) {
    this.#asset = asset;
    this.#options = options;
  }

  /** Undefined when no check compares with it, or when that snapshot is gone. */
  at(since: number): Promise<CatalogView | undefined> {
    const known = this.#views.get(since) ?? this.#read(since - 1);
    this.#views.set(since, known);
    return known;
  }

  async #read(snapshot: number): Promise<CatalogView | undefined> {
    const { state, scope, known, checksOf } = this.#options;
    const compares = checksOf(this.#asset).some(
      ({ rule }) => rule.rule === "row_count_change" || rule.rule === "schema_unchanged",
    );
    if (!compares || snapshot < 0) return undefined;
    try {
      const { assetId } = knownAsset(known, this.#asset);
      return new CatalogView(snapshot, await state.catalog.current(scope, snapshot, [assetId]));
    } catch (error) {
      if (error instanceof MillraceError && error.code === "SNAPSHOT_GONE") return undefined;
      throw error;
    }
  }
}

async function versionSubject(
  about: {
    readonly asset: AssetDefinition;
    readonly current: CurrentVersion;
    readonly view: CatalogView;
    readonly earlier: Earlier;
    readonly signal: AbortSignal;
    readonly circumstances: Omit<CheckSubject["circumstances"], "snapshot" | "partition">;
  },
  options: EngineOptions,
): Promise<CheckSubject> {
  const { asset, current, view, earlier, signal, circumstances } = about;
  const { range, version } = current;
  const known = knownAsset(options.known, asset);
  const before = await earlier.at(current.since);
  const former = before?.exactly(known, range)?.version;
  const [part] = readableParts([current], known.space);
  const partition = part?.partition;
  return {
    asset,
    range,
    partitions: asset.partitions,
    parts: part === undefined ? [] : [part],
    many: false,
    view,
    facts: factsOf([version]),
    before: former && factsOf([former]),
    ownReads: [],
    beforeReads:
      before === undefined || former === undefined
        ? []
        : [readOf(asset, [{ range, version: former }], before.snapshot)],
    signal,
    circumstances: {
      ...circumstances,
      snapshot: view.snapshot,
      partition:
        partition === undefined ? undefined : { key: partition, ...known.space.windowOf(range.from) },
    },
  };
}
