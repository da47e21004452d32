import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import type { DefinitionSite } from "../definition-site.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { returnFlaws } from "../endpoint/returned-columns.ts";
import { pathNames } from "../endpoint/route.ts";
import { MillraceError, type ErrorCode, type ErrorPlace } from "../errors.ts";
import { assetCheckProblems, checkProblems } from "./check-problems.ts";
import { assetGraphProblems } from "./asset-graph-problems.ts";
import { jobProblems } from "./job-problems.ts";
import { mappable } from "./mappable.ts";
import { ProjectGraph } from "./project-graph.ts";
import type { ProjectDefinition } from "./project.ts";
import { projectResources } from "./project-resources.ts";
import { resourceProblems } from "./resource-problems.ts";

/** Paths under /api that Millrace serves itself. */
export const reservedPaths: readonly string[] = ["/openapi.json", "/docs"];

const keyPattern = /^[A-Za-z_][\w-]*(\/[A-Za-z_][\w-]*)*$/;

/**
 * Every mistake of a project, each with file and line. Looks only at the definitions: no engine, no disk, linear in
 * their number, so that 10,000 assets take a fraction of a second.
 */
export function validateProject(
  project: ProjectDefinition,
  graph = new ProjectGraph(project),
): readonly MillraceError[] {
  const { cycle } = graph;
  const problems: MillraceError[] = [];
  const report = (
    code: ErrorCode,
    details: Readonly<Record<string, string | number>>,
    site: DefinitionSite,
    place: ErrorPlace = {},
  ): void => {
    problems.push(new MillraceError(code, details, { place: { ...place, ...site.place } }));
  };
  if (!/^[A-Za-z_][\w-]*$/.test(project.name)) {
    report("INVALID_KEY", { what: "project", key: JSON.stringify(project.name) }, project.site);
  }
  problems.push(...project.problems);
  const members = new Set(project.assets);
  const seen = new Map<string, AssetDefinition>();
  for (const asset of project.assets) {
    const place = { asset: asset.key };
    const earlier = seen.get(asset.key);
    if (earlier !== undefined) {
      report(
        "DUPLICATE_KEY",
        { what: "asset", key: asset.key, other: String(earlier.site) },
        asset.site,
        place,
      );
    }
    seen.set(asset.key, asset);
    if (!keyPattern.test(asset.key)) {
      report("INVALID_KEY", { what: "asset", key: JSON.stringify(asset.key) }, asset.site, place);
    }
    // What is made together reads the same, and is told once.
    const isFirst = asset.computation.outputs[0]?.asset === asset;
    if (isFirst) problems.push(...assetGraphProblems(asset));
    for (const dependency of isFirst ? asset.dependencies.values() : []) {
      if (!members.has(dependency)) {
        report(
          "DEPENDENCY_NOT_IN_PROJECT",
          { key: asset.key, dependency: dependency.key },
          asset.site,
          place,
        );
      }
      if (!mappable(asset, dependency)) {
        report("MAPPING_MISSING", { key: asset.key, dependency: dependency.key }, asset.site, place);
      }
    }
    const checks = project.checks.get(asset) ?? [];
    problems.push(...asset.problems, ...checkProblems(asset, checks, members));
  }
  const renamed = new Map<string, AssetDefinition>();
  for (const asset of project.assets) {
    const { key, renamedFrom: from, site } = asset;
    if (from === undefined) continue;
    const other = renamed.get(from);
    const still = seen.get(from);
    const reason = !keyPattern.test(from)
      ? "that is no asset key"
      : still !== undefined
        ? still === asset
          ? "that is the key it has"
          : `that asset is still there, at ${String(still.site)}`
        : other === undefined
          ? undefined
          : `so is ${other.key}, at ${String(other.site)}`;
    if (reason === undefined) renamed.set(from, asset);
    else report("RENAME_INVALID", { key, from: JSON.stringify(from), reason }, site, { asset: key });
  }
  problems.push(...multiAssetProblems(project.assets, seen));
  if (cycle !== undefined) {
    const [first] = cycle;
    const circle = cycle.map((asset) => asset.key).join(" → ");
    if (first !== undefined) report("DEPENDENCY_CYCLE", { cycle: circle }, first.site, { asset: first.key });
  }
  for (const assetCheck of project.assetChecks) problems.push(...assetCheckProblems(assetCheck, members));
  problems.push(...endpointProblems(project.endpoints, members));
  problems.push(...resourceProblems(projectResources(project)));
  problems.push(...jobProblems(project, graph));
  return problems;
}

/** Steps of a multi-asset are named after it, so its name is a key like those of assets. */
function multiAssetProblems(
  assets: readonly AssetDefinition[],
  byKey: ReadonlyMap<string, AssetDefinition>,
): MillraceError[] {
  const named = new Set(assets.map(({ computation }) => computation).filter((one) => one.named));
  const seen = new Map<string, Computation>();
  return [...named].flatMap((computation) => {
    const { key, site } = computation;
    const place = { asset: key, ...site.place };
    const other = seen.get(key) ?? byKey.get(key)?.computation;
    seen.set(key, computation);
    if (!keyPattern.test(key)) {
      return [new MillraceError("INVALID_KEY", { what: "multi-asset", key: JSON.stringify(key) }, { place })];
    }
    if (other === undefined || other === computation) return [];
    const details = { what: "multi-asset", key, other: String(other.site) };
    return [new MillraceError("DUPLICATE_KEY", details, { place })];
  });
}

function endpointProblems(
  endpoints: readonly EndpointDefinition[],
  members: ReadonlySet<AssetDefinition>,
): MillraceError[] {
  const problems: MillraceError[] = [];
  const routes = new Map<string, EndpointDefinition>();
  const names = new Map<string, EndpointDefinition>();
  for (const endpoint of endpoints) {
    const key = endpoint.route;
    problems.push(...endpoint.problems);
    const report = (code: ErrorCode, details: Readonly<Record<string, string | number>>): void => {
      const place = { endpoint: key, ...endpoint.site.place };
      problems.push(new MillraceError(code, { key, ...details }, { place }));
    };
    // Two routes clash when they differ in nothing but the names of their parameters.
    const shape = `${endpoint.method} ${endpoint.path.replace(/:\w+/g, ":").replace(/(.)\/$/, "$1")}`;
    const earlier = routes.get(shape);
    if (earlier !== undefined) report("ENDPOINT_ROUTE_CLASH", { other: String(earlier.site) });
    routes.set(shape, endpoint);
    if (
      reservedPaths.some((reserved) => endpoint.path === reserved || endpoint.path.startsWith(`${reserved}/`))
    ) {
      report("ENDPOINT_ROUTE_RESERVED", {});
    }
    const namesake = endpoint.name === undefined ? undefined : names.get(endpoint.name);
    if (namesake !== undefined) {
      report("DUPLICATE_KEY", { what: "endpoint", key: endpoint.name ?? "", other: String(namesake.site) });
    }
    if (endpoint.name !== undefined) names.set(endpoint.name, endpoint);
    for (const read of endpoint.reads.values()) {
      if (isExternal(read)) report("ENDPOINT_READS_EXTERNAL", { dependency: read.key });
      else if (!members.has(read)) report("DEPENDENCY_NOT_IN_PROJECT", { dependency: read.key });
    }
    for (const reason of endpoint.returns === undefined ? [] : returnFlaws(endpoint.returns)) {
      report("ENDPOINT_RETURNS_UNSUPPORTED", { reason });
    }
    const inPath = pathNames(endpoint.path);
    for (const name of new Set(inPath.filter((one, index) => inPath.indexOf(one) !== index))) {
      report("INVALID_OPTION", { what: "endpoint", reason: `the path has :${name} twice` });
    }
    const declared = endpoint.params === undefined ? inPath : Object.keys(endpoint.params._zod.def.shape);
    const off = [
      ...inPath.filter((name) => !declared.includes(name)),
      ...declared.filter((name) => !inPath.includes(name)),
    ];
    if (off.length > 0) {
      report("INVALID_OPTION", {
        what: "endpoint",
        reason: `params and the path differ in ${off.join(", ")}`,
      });
    }
  }
  return problems;
}
