import { MillraceError } from "../../core/errors.ts";
import { keepMetadata } from "../../core/metadata/keep-metadata.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { ControlContext } from "../control-context.ts";
import { isoTime } from "../iso-time.ts";

export interface ReportRequest {
  readonly key: string;
  /** Names the content that was made: another text is other content. */
  readonly dataVersion: string;
  /** What JSON holds, by name; of other kinds in their stored form, `{ "$meta": "url", "value": … }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Who reports it. */
  readonly by: string;
  /** A report that is sent again under its key is noted once. */
  readonly idempotencyKey?: string;
}

export interface Reported {
  readonly key: string;
  readonly dataVersion: string;
  readonly metadata: StoredMetadata;
  readonly reportedAt: string;
  readonly by: string;
  /** It had been noted before, under the same key. */
  readonly repeated: boolean;
}

/** So much says whoever makes it about what it made. */
const longestText = 1_000;

/**
 * Notes that an external asset was materialized by whoever makes it. What was made from other content is stale from
 * then on.
 *
 * @throws ASSET_NOT_FOUND, EXTERNAL_NOT_REPORTED, METADATA_INVALID, REPORT_CONFLICT
 */
export async function report(request: ReportRequest, context: ControlContext): Promise<Reported> {
  const { key, dataVersion, metadata, by, idempotencyKey } = request;
  const asset = context.graph.byKey.get(key);
  if (asset === undefined) throw new MillraceError("ASSET_NOT_FOUND", { key });
  const refuse = (reason: string): never => {
    throw new MillraceError(
      "EXTERNAL_NOT_REPORTED",
      { key, reason },
      { place: { asset: key, ...asset.site.place } },
    );
  };
  if (asset.body.body !== "external") refuse("it is made here");
  else if (asset.body.source?.format !== "reported") refuse("it is observed");
  for (const [name, text] of Object.entries({ "data version": dataVersion, key: idempotencyKey })) {
    if (text === "") refuse(`its ${name} is empty`);
    if (text !== undefined && text.length > longestText)
      refuse(`its ${name} is longer than ${longestText} characters`);
  }
  const kept = metadata === undefined ? undefined : keepMetadata({}, metadata, key, { asset: key });
  const { record, repeated } = await context.state.observations.report(context.scope, {
    assetId: knownAsset(context.known, asset).assetId,
    asset: key,
    dataVersion,
    by,
    ...(kept === undefined ? {} : { metadata: kept }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });
  return {
    key,
    dataVersion: record.dataVersion,
    metadata: record.metadata ?? {},
    reportedAt: isoTime(record.firstObservedAt),
    by: record.report?.by ?? by,
    repeated,
  };
}
