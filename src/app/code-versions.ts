import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { DefinitionSite } from "../core/definition-site.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { assetCodeText, endpointCodeText } from "../core/project/code-text.ts";
import type { ModuleGraph } from "./module-graph.ts";
import { plainCode } from "./plain-code.ts";

/** Below it in a trace is the project, above it whoever asked for it. */
const loader = new URL("./load-project.ts", import.meta.url).href;

export interface CodeVersions {
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  readonly endpointCodeVersionOf: (endpoint: EndpointDefinition) => string;
}

/**
 * Code versions by N8: hashes of what a definition is and, for those with functions, of the text of its module and of
 * every project file and package version which that module reaches. Worked out on first use and kept.
 */
export function deriveCodeVersions(modules: ModuleGraph, directory: string): CodeVersions {
  const texts = new Map<string, string>();
  const reached = new Map<string, string>();
  const reachedBy = (site: DefinitionSite): string => {
    const all = site.files.map((file) => pathToFileURL(file).href);
    // What had the project loaded (which command, say) is no part of its code.
    const urls = all.includes(loader) ? all.slice(0, all.indexOf(loader)) : all;
    const key = urls.join("\n");
    let text = reached.get(key);
    if (text === undefined && urls.length > 0) {
      const marks = urls
        .flatMap((url) => modules.reachedFrom(url))
        .map((module) => moduleMark(module, modules.isPackage(module), directory, texts));
      reached.set(key, (text = canonicalJson([...new Set(marks)].sort())));
    }
    return text ?? "";
  };
  const assets = new Map<AssetDefinition, string>();
  const endpoints = new Map<EndpointDefinition, string>();
  return {
    codeVersionOf(asset) {
      let version = assets.get(asset);
      if (version === undefined) {
        assets.set(asset, (version = digest(assetCodeText(asset, () => reachedBy(asset.site)))));
      }
      return version;
    },
    endpointCodeVersionOf(endpoint) {
      let version = endpoints.get(endpoint);
      if (version === undefined) {
        endpoints.set(
          endpoint,
          (version = digest(endpointCodeText(endpoint, () => reachedBy(endpoint.site)))),
        );
      }
      return version;
    },
  };
}

/** A project file by its path and content, a package by name and version, so that moving the folder changes nothing. */
function moduleMark(url: string, isPackage: boolean, directory: string, texts: Map<string, string>): string {
  let mark = texts.get(url);
  if (mark === undefined) {
    const path = isPackage ? "" : fileURLToPath(url);
    const name = relative(directory, path).split(sep).join("/");
    mark = isPackage ? packageMark(url) : `${name}:${digest(plainCode(path, readFileSync(path, "utf8")))}`;
    texts.set(url, mark);
  }
  return mark;
}

function packageMark(url: string): string {
  if (!url.startsWith("file:")) return url;
  for (let place = url; ;) {
    const manifest = findPackageJSON(place);
    if (manifest === undefined) return `${url}:${digest(readFileSync(fileURLToPath(url), "utf8"))}`;
    const { name, version = "" }: { name?: string; version?: string } = JSON.parse(
      readFileSync(manifest, "utf8"),
    );
    if (name !== undefined) return `${name}@${version}`;
    // Inside a package there may be manifests that say no more than `"type": "module"`.
    place = pathToFileURL(dirname(manifest)).href;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
