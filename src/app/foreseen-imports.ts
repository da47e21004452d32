import { existsSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { moduleSource } from "./code-pin.ts";
import { isPackage, type ModuleRecord, type ModuleSource, type PinnedModules } from "./module-record.ts";
import { packageScope } from "./package-scope.ts";

/** `import("./model.ts")`: what it names is imported when the code runs, if at all. */
const deferred = /\bimport\s*\(\s*(["'`])([^"'`$\n]+)\1/g;
/** `import … from "./a.ts"`, `export … from "./a.ts"`, `import "./a.ts"`, `require("./a.cjs")`. */
const direct = /\b(?:from|import|require\s*\()\s*(["'])([^"'\n]+)\1/g;

/**
 * Reads ahead what the project's modules import by name only when their code runs: that too is code they reach (N8),
 * and has to stay what it was (N9). Reading a module too many (one that a comment names) does no harm.
 */
export function foreseeImports(configUrl: string, modules: ModuleRecord, pinned?: PinnedModules): void {
  const loaded = new Set(modules.reachedFrom(configUrl).filter((url) => !isPackage(url)));
  const walked = new Set(loaded);
  for (const url of walked) {
    const text = moduleText(moduleSource(url, modules));
    const names = new Set([...text.matchAll(deferred)].map(([, , name = ""]) => name));
    // Of a module that is not loaded yet nobody knows what it imports.
    if (!loaded.has(url)) for (const [, , name = ""] of text.matchAll(direct)) names.add(name);
    for (const name of names) {
      const found = pinned?.resolve(name, url) ?? find(name, url);
      if (found === undefined || modules.importsOf(url).has(name)) continue;
      const fresh = !isPackage(found) && modules.sourceOf(found) === undefined;
      modules.foresee(url, name, found, fresh ? (pinned?.load(found) ?? readAhead(found)) : undefined);
      if (!isPackage(found)) walked.add(found);
    }
  }
}

/** The module meant: a file of the project, or a package by its manifest. Undefined where there is neither. */
function find(name: string, parent: string): string | undefined {
  if (/^\.{0,2}\//.test(name)) {
    const url = new URL(name, parent);
    return existsSync(url) && /\.(?:[cm]?[jt]s|json)$/.test(url.pathname) ? url.href : undefined;
  }
  if (/^(?:node:|#)/.test(name)) return undefined;
  try {
    const manifest = findPackageJSON(name, parent);
    return manifest === undefined ? undefined : pathToFileURL(manifest).href;
  } catch {
    return undefined;
  }
}

function readAhead(url: string): ModuleSource {
  const path = fileURLToPath(url);
  return { source: readFileSync(path), format: formatOf(path) };
}

/** What Node will take it for, as far as its name and package tell. */
function formatOf(path: string): string | undefined {
  const [, kind = "", language] = /\.([cm]?)([jt]s|json)$/.exec(path) ?? [];
  if (language === "json") return "json";
  const isModule = kind === "m" || (kind === "" && packageScope(path).type === "module");
  const isCommonJs = kind === "c" || (kind === "" && packageScope(path).type === "commonjs");
  if (!isModule && !isCommonJs) return undefined;
  return `${isModule ? "module" : "commonjs"}${language === "ts" ? "-typescript" : ""}`;
}

function moduleText({ source }: ModuleSource): string {
  return typeof source === "string" ? source : Buffer.from(source).toString("utf8");
}
