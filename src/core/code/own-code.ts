import type { SourceDefinition } from "../asset/source.ts";
import type { AssetDefinition } from "../asset/asset-definition.ts";
import { columnsOf } from "../column/columns-of.ts";
import { wireFormatVersion } from "../column/wire-format.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import type { OpDefinition } from "../op/op-definition.ts";
import type { SqlPart, SqlTree, SqlValue } from "../sql/sql-tree.ts";

/** The part of a code manifest that the definition itself is: plain data, by option. */
export type OwnCode = Readonly<Record<string, unknown>>;

/**
 * What counts of an asset's definition (N8): its kind, schema, body and data-affecting options. Description, tags,
 * owners and checks do not. A SQL asset is wholly told by its SQL, whatever its module looks like; of a TypeScript one
 * `reachesModules` says that its module's files tell the rest, else its function's own text stands in for them.
 */
export function ownAssetCode(asset: AssetDefinition, reachesModules: boolean): OwnCode {
  if (asset.codeVersion !== undefined) return { given: asset.codeVersion };
  return {
    wireFormat: wireFormatVersion,
    kind: asset.kind,
    columns: asset.columns === undefined ? undefined : columnsOf(asset.key, asset.columns).columns,
    file: asset.file === undefined ? undefined : { extension: asset.file.extension },
    partitions: asset.partitions.identity,
    ...(asset.appends ? { write: "append" } : {}),
    dependencies: [...asset.dependencies].map(([name, dependency]) => [name, dependency.key]),
    ...bodyOf(asset, reachesModules),
  };
}

function bodyOf({ body }: AssetDefinition, reachesModules: boolean): OwnCode {
  if (body.body === "sql") return { sql: sqlText(body.sql) };
  if (body.body === "external") return { source: ownSource(body.source) };
  if (reachesModules) return {};
  return body.body === "graph" ? { graph: String(body.function) } : { run: String(body.run) };
}

/** What observes a source is not how it is read: with another function the content is the same. */
function ownSource(source: SourceDefinition | undefined): unknown {
  return source?.format === "observed" ? { format: source.format } : { ...source };
}

/** The same of an endpoint; enters its ETags (N26). */
export function ownEndpointCode(endpoint: EndpointDefinition, reachesModules: boolean): OwnCode {
  if (endpoint.codeVersion !== undefined) return { given: endpoint.codeVersion };
  return {
    route: endpoint.route,
    reads: [...endpoint.reads].map(([name, asset]) => [name, asset.key]),
    ...(reachesModules ? {} : { handler: [endpoint.handler, endpoint.exists?.sql].map(String) }),
  };
}

/** The same of an op: what it reads, and its code. Schemas stand in its module. */
export function ownOpCode(op: OpDefinition, reachesModules: boolean): OwnCode {
  if (op.codeVersion !== undefined) return { given: op.codeVersion };
  return {
    dependencies: [...op.dependencies].map(([name, dependency]) => [name, dependency.key]),
    ...(reachesModules ? {} : { run: String(op.run) }),
  };
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
