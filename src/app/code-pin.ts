import { readFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CodeFolder } from "./code-folder.ts";
import { digest } from "./digest.ts";
import { isPackage, type ModuleRecord, type ModuleSource, type PinnedModules } from "./module-record.ts";

/** All code of one load, as data. Modules are named relative to the project's folder, which may therefore be moved. */
export interface CodePin {
  readonly config: string;
  readonly files: Readonly<Record<string, PinnedFile>>;
}

interface PinnedFile {
  readonly blob: string;
  /** What Node takes it for. */
  readonly format?: string;
  /** Its imports of project files: what it wrote, and the module that was meant. */
  readonly imports: Readonly<Record<string, string>>;
}

/** A module's path in the project, with the query or fragment that makes it another module. */
export function pathInProject(url: string, directory: string): string {
  const { search, hash } = new URL(url);
  return relative(directory, fileURLToPath(url)).split(sep).join("/") + search + hash;
}

/** The same as a relative URL, which says where the path ends. */
function nameInProject(url: string, directory: string): string {
  const { search, hash } = new URL(url);
  const parts = relative(directory, fileURLToPath(url)).split(sep);
  return parts.map(encodeURIComponent).join("/") + search + hash;
}

/** What a module was loaded from; what lies on disk where it was loaded before anybody looked. */
export function moduleSource(url: string, modules: ModuleRecord): ModuleSource {
  return modules.sourceOf(url) ?? { source: readFileSync(fileURLToPath(url)), format: undefined };
}

/** The pin of all that a config reaches, and the contents that it names. */
export function pinCode(
  configUrl: string,
  directory: string,
  modules: ModuleRecord,
): { readonly pin: CodePin; readonly blobs: ReadonlyMap<string, string | Uint8Array> } {
  const blobs = new Map<string, string | Uint8Array>();
  const files: Record<string, PinnedFile> = {};
  for (const url of modules.reachedFrom(configUrl)) {
    if (isPackage(url)) continue;
    const { source, format } = moduleSource(url, modules);
    const blob = digest(source);
    blobs.set(blob, source);
    const imports = [...modules.importsOf(url)]
      .filter(([, imported]) => !isPackage(imported))
      .map(([specifier, imported]) => [specifier, nameInProject(imported, directory)]);
    files[nameInProject(url, directory)] = {
      blob,
      ...(format === undefined ? {} : { format }),
      imports: Object.fromEntries(imports),
    };
  }
  return { pin: { config: nameInProject(configUrl, directory), files }, blobs };
}

/** The modules of a pin, under the URLs that its files have or had in this folder. */
export function pinnedModules(pin: CodePin, directory: string, folder: CodeFolder): PinnedModules {
  const files = new Map(Object.entries(pin.files).map(([path, file]) => [urlOf(path, directory), file]));
  return {
    resolve(specifier, parentUrl) {
      if (files.has(specifier)) return specifier;
      const path = parentUrl === undefined ? undefined : files.get(parentUrl)?.imports[specifier];
      return path === undefined ? undefined : urlOf(path, directory);
    },
    load(url) {
      const file = files.get(url);
      return file === undefined ? undefined : { source: folder.readBlob(file.blob), format: file.format };
    },
  };
}

/** The URL of a module that a pin names. */
export function urlOf(name: string, directory: string): string {
  const [, path = "", suffix = ""] = /^([^?#]*)(.*)$/s.exec(name) ?? [];
  return pathToFileURL(resolve(directory, ...path.split("/").map(decodeURIComponent))).href + suffix;
}
