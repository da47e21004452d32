import type { AssetDefinition } from "../asset/asset-definition.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { columnsOf } from "../column/columns-of.ts";
import type { SqlPart, SqlTree } from "../sql/sql-tree.ts";

/**
 * What an asset's code version is the hash of (N8): its kind, schema, body and data-affecting options. Description,
 * tags, owners and checks do not count. A SQL asset is wholly told by its SQL, whatever its module looks like; a
 * TypeScript one also by `reached`: the text of its module and of all project files that module imports.
 */
export function assetCodeText(asset: AssetDefinition, reached: () => string): string {
  if (asset.codeVersion !== undefined) return `given:${asset.codeVersion}`;
  const body =
    asset.body.body === "sql"
      ? { sql: sqlText(asset.body.sql) }
      : asset.body.body === "run"
        ? { run: String(asset.body.run), reached: reached() }
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
    handler: String(endpoint.handler),
    exists: endpoint.exists === undefined ? undefined : String(endpoint.exists.sql),
    reads: [...endpoint.reads].map(([name, asset]) => [name, asset.key]),
    reached: reached(),
  });
}

function columnsText(asset: AssetDefinition): unknown {
  const columns = asset.columns === undefined ? [] : columnsOf(asset.key, asset.columns).columns;
  return JSON.parse(JSON.stringify(columns, plain));
}

function sqlText(sql: SqlTree): unknown {
  return sql.parts.map((part: SqlPart): unknown => {
    if (part.part === "value") return ["value", JSON.parse(JSON.stringify([part.value], plain))];
    return [
      part.part,
      part.part === "table"
        ? part.table.asset
        : part.part === "text"
          ? part.text
          : part.part === "bound"
            ? part.bound
            : part.name,
    ];
  });
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return value instanceof Uint8Array ? [...value] : value;
}
