import { isAsset, isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { AssetCheckDefinition, CheckDefinition } from "../check/check-definition.ts";
import { checkReads } from "../check/check-reads.ts";
import type { ColumnType } from "../column/column.ts";
import { columnsOf } from "../column/columns-of.ts";
import { engineType } from "../column/engine-type.ts";
import { MillraceError, type ErrorCode } from "../errors.ts";
import { unpartitioned } from "../partition/partitions.ts";
import { mappable } from "./mappable.ts";

type Report = (code: ErrorCode, details: Readonly<Record<string, string | number>>) => void;
type Members = ReadonlySet<AssetDefinition>;

const none: readonly MillraceError[] = [];

/** What is wrong with an asset's checks, its own and those defined elsewhere. */
export function checkProblems(
  asset: AssetDefinition,
  checks: readonly CheckDefinition[],
  members: Members,
): readonly MillraceError[] {
  if (checks.length === 0) return none;
  const problems: MillraceError[] = [];
  const { key } = asset;
  // The place is looked up for a mistake only: finding the line takes the engine longer than all else here.
  const report: Report = (code, details) => {
    problems.push(new MillraceError(code, details, { place: { asset: key, ...asset.site.place } }));
  };
  const seen = new Set<string>();
  for (const check of checks) {
    const { name } = check;
    if (seen.has(name)) {
      const reason = `two checks are named ${name}; give one of them another name`;
      report("INVALID_OPTION", { what: "asset", key, reason });
    }
    seen.add(name);
    if (asset.kind !== "table" && isForTables(check)) {
      const reason = `the check ${name} is made in SQL, which is for tables; write it as an assetCheck`;
      report("INVALID_OPTION", { what: "asset", key, reason });
      continue;
    }
    reportReads(asset, check, members, report);
    reportColumns(asset, check, report);
  }
  return problems;
}

function isForTables({ rule }: CheckDefinition): boolean {
  if (rule.rule === "freshness") return rule.column !== undefined;
  return rule.rule !== "run" && rule.rule !== "metadata";
}

/** Of checks defined elsewhere, the definitions themselves tell. */
function reportReads(asset: AssetDefinition, check: CheckDefinition, members: Members, report: Report): void {
  const { rule, name } = check;
  if (rule.rule === "no_rows") {
    const listed = new Set<object>(asset.dependencies.values());
    for (const read of rule.sql.assets) {
      if (!listed.has(read) && isAsset(read)) report("SQL_UNKNOWN_TABLE", { asset: read.key });
    }
  }
  if (rule.rule !== "references" || !isAsset(rule.asset)) return;
  const details = { key: `the check ${name}`, dependency: rule.asset.key };
  if (!members.has(rule.asset)) report("DEPENDENCY_NOT_IN_PROJECT", details);
  if (!mappable(readerOf(asset, check), rule.asset)) report("MAPPING_MISSING", details);
}

/** A check of the whole asset reads all partitions of what it compares it with. */
function readerOf(
  asset: AssetDefinition,
  { scope }: Pick<CheckDefinition, "scope">,
): Pick<AssetDefinition, "partitions"> {
  return scope === "asset" ? { partitions: unpartitioned } : asset;
}

function reportColumns(asset: AssetDefinition, { name, rule }: CheckDefinition, report: Report): void {
  if (asset.columns === undefined) return;
  const what = `the check ${name}`;
  const unknown = (of: AssetDefinition, columns: readonly string[]): readonly string[] => {
    const names = of.columns === undefined ? [] : Object.keys(of.columns._zod.def.shape);
    const missing = columns.filter((column) => !names.includes(column));
    for (const column of missing) {
      report("UNKNOWN_COLUMN", { key: of.key, what, column, columns: names.join(", ") });
    }
    return missing;
  };
  const used =
    "columns" in rule ? rule.columns : "column" in rule && rule.column !== undefined ? [rule.column] : [];
  let missing = unknown(asset, used);
  if (rule.rule === "references" && isAsset(rule.asset))
    missing = [...missing, ...unknown(rule.asset, rule.others)];
  if (missing.length > 0) return;
  const wrong = (reason: string): void =>
    report("INVALID_OPTION", { what: "asset", key: asset.key, reason: `${what} ${reason}` });
  if (rule.rule === "freshness" && rule.column !== undefined) {
    const type = typeOf(asset, rule.column);
    if (type !== undefined && !["date", "timestamp", "timestamptz"].includes(type.kind))
      wrong(`asks for the age of ${rule.column}, which holds no times`);
  }
  if (rule.rule !== "references" || !isAsset(rule.asset)) return;
  for (const [index, column] of rule.columns.entries()) {
    const other = rule.others[index] ?? "";
    const [type, otherType] = [typeOf(asset, column), typeOf(rule.asset, other)];
    if (type === undefined || otherType === undefined || engineType(type) === engineType(otherType)) continue;
    const place = `${rule.asset.key}.${other}`;
    wrong(
      `compares ${column}, which is ${engineType(type)}, with ${place}, which is ${engineType(otherType)}`,
    );
  }
}

function typeOf({ key, columns }: AssetDefinition, name: string): ColumnType | undefined {
  return columns && columnsOf(key, columns).columns.find((column) => column.name === name)?.type;
}

/** What is wrong with checks defined on their own, besides what holds for every check of the asset. */
export function assetCheckProblems(
  { checks, names, asset, rule, problems: own, site }: AssetCheckDefinition,
  members: Members,
): readonly MillraceError[] {
  const problems: MillraceError[] = [...own];
  const key = `the check ${names.join(", ")}`;
  const report: Report = (code, details) => {
    problems.push(new MillraceError(code, { key, ...details }, { place: site.place }));
  };
  const dependencies = [...checkReads(rule).values()];
  const reader = asset && readerOf(asset, checks[0] ?? { scope: "partition" });
  for (const dependency of asset === undefined ? dependencies : [asset, ...dependencies]) {
    const details = { dependency: dependency.key };
    if (!members.has(dependency)) report("DEPENDENCY_NOT_IN_PROJECT", details);
    if (reader !== undefined && !mappable(reader, dependency)) report("MAPPING_MISSING", details);
  }
  if (asset !== undefined && isExternal(asset)) {
    const reason = `${asset.key} is external and never materialized; check an asset that is made from it`;
    report("INVALID_OPTION", { what: "check", key: names.join(", "), reason });
  }
  return problems;
}
