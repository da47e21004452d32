import type { AssetDefinition } from "../asset/asset-definition.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { columnsOf } from "../column/columns-of.ts";
import type { SqlPart, SqlTree, SqlValue } from "../sql/sql-tree.ts";

/**
 * What an asset's code version is the hash of (N8): its kind, schema, body and data-affecting options. Description,
 * tags, owners and checks do not count. A SQL asset is wholly told by its SQL, whatever its module looks like; a
 * TypeScript one also by `reached`: the text of its module and of all project files that module imports. Where that
 * is not known ("") its functions' own text stands in.
 */
export function assetCodeText(asset: AssetDefinition, reached: () => string): string {
  if (asset.codeVersion !== undefined) return `given:${asset.codeVersion}`;
  const body =
    asset.body.body === "sql"
      ? { sql: sqlText(asset.body.sql) }
      : asset.body.body === "run"
        ? { code: reached() || String(asset.body.run) }
        : { source: { ...asset.body.source } };
  return canonicalJson({
    kind: asset.kind,
    columns: asset.columns === undefined ? undefined : columnsText(asset),
    file: asset.file === undefined ? undefined : { extension: asset.file.extension },
    partitions: asset.partitions.identity,
    dependencies: [...asset.dependencies].map(([name, dependency]) => [name, dependency.key]),
    body,
  });
}

/** The same for an endpoint; enters its ETags (N26). */
export function endpointCodeText(endpoint: EndpointDefinition, reached: () => string): string {
  if (endpoint.codeVersion !== undefined) return `given:${endpoint.codeVersion}`;
  return canonicalJson({
    route: endpoint.route,
    reads: [...endpoint.reads].map(([name, asset]) => [name, asset.key]),
    code: reached() || [endpoint.handler, endpoint.exists?.sql].map(String),
  });
}

function columnsText(asset: AssetDefinition): unknown {
  return asset.columns === undefined ? [] : columnsOf(asset.key, asset.columns).columns;
}

function sqlText(sql: SqlTree): unknown {
  return sql.parts.map((part: SqlPart): unknown => {
    if (part.part === "value") return ["value", valueText(part.value)];
    if (part.part === "table") return ["table", part.table.asset];
    if (part.part === "text") return ["text", part.text];
    return part.part === "bound" ? ["bound", part.bound] : ["identifier", part.name];
  });
}

/** With its type, where JSON has none: the date and the text that looks like it are bound differently. */
function valueText(value: SqlValue): unknown {
  if (typeof value === "bigint") return { bigint: String(value) };
  if (value instanceof Date) return { date: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  return Array.isArray(value) ? value.map((item: SqlValue) => valueText(item)) : value;
}
