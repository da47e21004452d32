import { realpathSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { manifestText, type CodeManifest, type ReachedCode } from "../core/code/code-manifest.ts";
import { ownAssetCode, ownEndpointCode, ownOpCode, type OwnCode } from "../core/code/own-code.ts";
import { ownJobCode } from "../core/code/own-job-code.ts";
import { labelsOf, withoutLabels } from "../core/code/without-labels.ts";
import type { DefinitionSite } from "../core/definition-site.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import type { JobDefinition } from "../core/job/job-definition.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";
import { projectOps } from "../core/project/project-ops.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import { digest } from "./digest.ts";
import { moduleSource, pathInProject } from "./code-pin.ts";
import { isOwn, isPackage, type ModuleRecord } from "./module-record.ts";
import { PackageVersions } from "./package-versions.ts";
import { plainCode } from "./plain-code.ts";

/** Below it in a trace is the project, above it whoever asked for it. */
const loader = new URL("./load-project.ts", import.meta.url).href;

export interface CodeVersions {
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  readonly endpointCodeVersionOf: (endpoint: EndpointDefinition) => string;
  readonly opCodeVersionOf: (op: OpDefinition) => string;
  /** Of how the steps of a job fit together, and of every op that they call. */
  readonly jobCodeVersionOf: (job: JobDefinition) => string;
  /** What an asset's code version is made of. */
  readonly manifestOf: (asset: AssetDefinition) => CodeManifest;
  /** The texts behind the digests of the manifests made so far. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Reached {
  readonly code: ReachedCode;
  readonly digest: string;
}

/**
 * Code versions by N8: hashes of manifests, which say what a definition is and, for those with functions, the text of
 * its module and of every project file and package version which that module reaches. Worked out on first use and kept.
 */
export function deriveCodeVersions(
  modules: ModuleRecord,
  directory: string,
  project: Pick<ProjectDefinition, "assets" | "endpoints" | "jobs" | "ops">,
): CodeVersions {
  let labels: ReadonlySet<string> | undefined;
  const root = realFolder(directory);
  const texts = new Map<string, string>();
  const packages = new PackageVersions();
  const plainDigests = new Map<string, string>();
  const plainDigest = (url: string): string => {
    let known = plainDigests.get(url);
    if (known === undefined) {
      labels ??= labelsOf([...project.assets, ...project.endpoints, ...project.jobs, ...projectOps(project)]);
      const code = plainCode(fileURLToPath(url), textOf(moduleSource(url, modules).source));
      const text = withoutLabels(code, labels);
      plainDigests.set(url, (known = digest(text)));
      texts.set(known, text);
    }
    return known;
  };
  const reachedBySite = new Map<string, Reached | undefined>();
  const reachedFrom = (site: DefinitionSite): Reached | undefined => {
    const all = site.files.map((file) => pathToFileURL(file).href);
    // What had the project loaded (which command, say) is no part of its code.
    const urls = all.includes(loader) ? all.slice(0, all.indexOf(loader)) : all;
    const key = urls.join("\n");
    if (reachedBySite.has(key)) return reachedBySite.get(key);
    const reached = new Set(urls.flatMap((url) => modules.reachedFrom(url)).filter((url) => !isOwn(url)));
    // A project file by its path and content, a package by name and version: moving the folder changes nothing.
    const files = [...reached].filter((url) => !isPackage(url));
    const code: ReachedCode = {
      files: Object.fromEntries(files.map((url) => [pathInProject(url, root), plainDigest(url)])),
      packages: packages.of([...reached].filter((url) => isPackage(url))),
    };
    const found = urls.length === 0 ? undefined : { code, digest: digest(canonicalJson(code)) };
    reachedBySite.set(key, found);
    return found;
  };
  const assetCode = (asset: AssetDefinition): { readonly own: OwnCode; readonly reached?: Reached } => {
    const told =
      asset.codeVersion !== undefined || (asset.body.body !== "run" && asset.body.body !== "graph");
    const reached = told ? undefined : reachedFrom(asset.site);
    const own = ownAssetCode(asset, reached !== undefined);
    return reached === undefined ? { own } : { own, reached };
  };
  const assets = new Map<AssetDefinition, string>();
  const endpoints = new Map<EndpointDefinition, string>();
  const ops = new Map<OpDefinition, string>();
  const jobs = new Map<JobDefinition, string>();
  const opCodeVersionOf = (op: OpDefinition): string => {
    let version = ops.get(op);
    if (version === undefined) {
      const reached = op.codeVersion === undefined ? reachedFrom(op.site) : undefined;
      ops.set(op, (version = digest(manifestText(ownOpCode(op, reached !== undefined), reached?.digest))));
    }
    return version;
  };
  return {
    opCodeVersionOf,
    jobCodeVersionOf(job) {
      let version = jobs.get(job);
      if (version === undefined) {
        jobs.set(job, (version = digest(manifestText(ownJobCode(job, opCodeVersionOf), undefined))));
      }
      return version;
    },
    codeVersionOf(asset) {
      let version = assets.get(asset);
      if (version === undefined) {
        const { own, reached } = assetCode(asset);
        assets.set(asset, (version = digest(manifestText(own, reached?.digest))));
      }
      return version;
    },
    // Few are ever asked for, and those of 10,000 assets are large.
    manifestOf(asset) {
      const { own, reached } = assetCode(asset);
      return { own, ...(reached === undefined ? {} : { reached: reached.code }) };
    },
    endpointCodeVersionOf(endpoint) {
      let version = endpoints.get(endpoint);
      if (version === undefined) {
        const reached = endpoint.codeVersion === undefined ? reachedFrom(endpoint.site) : undefined;
        const own = ownEndpointCode(endpoint, reached !== undefined);
        endpoints.set(endpoint, (version = digest(manifestText(own, reached?.digest))));
      }
      return version;
    },
    texts,
  };
}

function textOf(source: string | Uint8Array): string {
  return typeof source === "string" ? source : Buffer.from(source).toString("utf8");
}

/** Node knows modules by where they really lie. */
function realFolder(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
