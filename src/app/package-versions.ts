import { readFileSync, realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
}

/** Millrace's own version is no code of a project: what its change means for data, the wire format's version says. */
const self = "millrace";

/**
 * Versions of packages as they are installed, which is as the lockfile has them, with all that they depend on
 * themselves. Read from their manifests, each once: what a package has loaded so far depends on who else uses it.
 */
export class PackageVersions {
  readonly #manifests = new Map<string, InstalledPackage | undefined>();
  readonly #closures = new Map<string, ReadonlyMap<string, InstalledPackage>>();

  /** Of the packages that these modules lie in and of theirs: version by name, several in order. */
  of(urls: Iterable<string>): Readonly<Record<string, string>> {
    const found = new Map<string, InstalledPackage>();
    for (const url of urls) {
      const root = this.#packageOf(url);
      if (root === undefined) continue;
      for (const [folder, installed] of this.#closureOf(root)) found.set(folder, installed);
    }
    const byName = Map.groupBy(found.values(), ({ name }) => name);
    return Object.fromEntries(
      [...byName].map(([name, installed]) => [
        name,
        [...new Set(installed.map(({ version }) => version))].sort().join(", "),
      ]),
    );
  }

  /** Inside a package there may be manifests that say no more than `"type": "module"`. */
  #packageOf(url: string): InstalledPackage | undefined {
    if (!url.startsWith("file:")) return undefined;
    for (let place = url; ;) {
      const manifest = findPackageJSON(place);
      if (manifest === undefined) return undefined;
      const found = this.#read(dirname(manifest));
      if (found !== undefined) return found;
      place = pathToFileURL(dirname(manifest)).href;
    }
  }

  #closureOf(root: InstalledPackage): ReadonlyMap<string, InstalledPackage> {
    const known = this.#closures.get(root.folder);
    if (known !== undefined) return known;
    const closure = new Map([[root.folder, root]]);
    // A map may grow while it is walked.
    for (const { folder, dependencies } of closure.values()) {
      for (const name of dependencies) {
        const installed = this.#installed(name, folder);
        if (installed !== undefined && installed.name !== self) closure.set(installed.folder, installed);
      }
    }
    this.#closures.set(root.folder, closure);
    return closure;
  }

  /** As Node looks for it: in the `node_modules` of this folder and of those above. */
  #installed(name: string, from: string): InstalledPackage | undefined {
    for (let folder = from; ; folder = dirname(folder)) {
      const found = this.#read(join(folder, "node_modules", name));
      if (found !== undefined || dirname(folder) === folder) return found;
    }
  }

  #read(folder: string): InstalledPackage | undefined {
    if (this.#manifests.has(folder)) return this.#manifests.get(folder);
    const found = readManifest(folder);
    this.#manifests.set(folder, found);
    return found;
  }
}

function readManifest(folder: string): InstalledPackage | undefined {
  try {
    const real = realpathSync(folder);
    const manifest: {
      readonly name?: string;
      readonly version?: string;
      readonly dependencies?: object;
      readonly optionalDependencies?: object;
      readonly peerDependencies?: object;
    } = JSON.parse(readFileSync(join(real, "package.json"), "utf8"));
    if (manifest.name === undefined) return undefined;
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    return { name: manifest.name, version: manifest.version ?? "", folder: real, dependencies: names };
  } catch {
    return undefined;
  }
}
