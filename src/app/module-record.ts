import { registerHooks, type LoadHookSync, type ResolveHookSync } from "node:module";

/** A project file as Node was given it. */
export interface ModuleSource {
  readonly source: string | Uint8Array;
  /** What Node takes it for: `module-typescript`, `commonjs`, `json`; undefined where that was never asked. */
  readonly format: string | undefined;
}

/** Code that stands for the files on disk. */
export interface PinnedModules {
  /** What an import means; undefined for packages, which are found where they are installed. */
  resolve(specifier: string, parentUrl: string | undefined): string | undefined;
  load(url: string): ModuleSource | undefined;
}

/** Which modules import which, and what they were made of, as Node loaded them. */
export interface ModuleRecord {
  /** URLs of a module and of all that it reaches by import, itself first; the rest in order of first reach. */
  reachedFrom(url: string): readonly string[];
  /** The imports of a module: what it wrote, and the URL that was meant. */
  importsOf(url: string): ReadonlyMap<string, string>;
  /** What was read of a project file, and therefore runs; undefined where it was loaded before anybody looked. */
  sourceOf(url: string): ModuleSource | undefined;
  /** Takes note of what a module will import and what that is, before it does: so much is loaded later. */
  foresee(parent: string, specifier: string, url: string, source: ModuleSource | undefined): void;
  /** Modules loaded from now on are none of the project's code version. They still get the source that was read. */
  stop(): void;
}

/** Where Millrace's own modules lie, which are a package wherever they lie. */
const own = new URL("../", import.meta.url).href;

// Node loads a module once in a process, so there is one record of what it loaded.
const imports = new Map<string, Map<string, string>>();
const sources = new Map<string, ModuleSource>();
/** Read before Node asked for them, if it ever does. */
const foreseen = new Map<string, ModuleSource>();
const pins = new Set<PinnedModules>();
let recording = 0;
let hooked = false;

/**
 * Records imports from now on, and the source of every project file in the one read that Node makes of it. What is
 * loaded is what counts: no parser can miss an import that Node has followed.
 */
export function recordModules(pinned?: PinnedModules): ModuleRecord {
  if (!hooked) registerHooks({ resolve, load });
  hooked = true;
  recording += 1;
  if (pinned !== undefined) pins.add(pinned);
  let stopped = false;
  return {
    reachedFrom(url) {
      const reached = new Set([url]);
      // A set may grow while it is walked: each module's imports are visited in turn.
      for (const module of reached) {
        if (isPackage(module)) continue;
        for (const imported of imports.get(module)?.values() ?? []) reached.add(imported);
      }
      return [...reached];
    },
    importsOf: (url) => imports.get(url) ?? new Map(),
    sourceOf: (url) => sources.get(url) ?? foreseen.get(url),
    foresee(parent, specifier, url, source) {
      noteImport(parent, specifier, url);
      if (source !== undefined && !sources.has(url)) foreseen.set(url, source);
    },
    stop() {
      if (!stopped) recording -= 1;
      stopped = true;
    },
  };
}

/**
 * Is this a package (or Node itself), whose version stands for its code? Not one that is linked in from a workspace:
 * its files change while its version stays.
 */
export function isPackage(url: string): boolean {
  return !url.startsWith("file:") || url.includes("/node_modules/") || isOwn(url);
}

/** Is this one of Millrace's own modules? */
export function isOwn(url: string): boolean {
  return url.startsWith(own);
}

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  for (const pinned of pins) {
    const url = pinned.resolve(specifier, context.parentURL);
    if (url === undefined) continue;
    if (recording > 0 && context.parentURL !== undefined) noteImport(context.parentURL, specifier, url);
    return { url, format: pinned.load(url)?.format, shortCircuit: true };
  }
  const resolved = nextResolve(specifier, context);
  if (recording > 0 && context.parentURL !== undefined) {
    noteImport(context.parentURL, specifier, resolved.url);
  }
  return resolved;
};

const load: LoadHookSync = (url, context, nextLoad) => {
  if (isPackage(url)) return nextLoad(url, context);
  for (const pinned of pins) {
    const found = pinned.load(url);
    if (found === undefined) continue;
    sources.set(url, found);
    return { format: found.format, source: found.source, shortCircuit: true };
  }
  const ahead = foreseen.get(url);
  if (ahead?.format !== undefined) return { format: ahead.format, source: ahead.source, shortCircuit: true };
  const loaded = nextLoad(url, context);
  if (ahead !== undefined) return { ...loaded, source: ahead.source };
  if (recording > 0 && loaded.source !== undefined && loaded.source !== null) {
    const { source, format } = loaded;
    const bytes = typeof source === "string" || source instanceof Uint8Array ? source : bytesOf(source);
    sources.set(url, { source: bytes, format: format ?? undefined });
  }
  return loaded;
};

function bytesOf(source: ArrayBuffer | NodeJS.TypedArray): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

function noteImport(parent: string, specifier: string, url: string): void {
  const known = imports.get(parent);
  if (known === undefined) imports.set(parent, new Map([[specifier, url]]));
  else known.set(specifier, url);
}
