import { registerHooks } from "node:module";

/** Which modules import which, as Node resolved them while the project was loaded. */
export interface ModuleGraph {
  /** URLs of a module and of all that it reaches by import, itself first; the rest in order of first reach. */
  reachedFrom(url: string): readonly string[];
  /**
   * Is this a package (or Node itself), whose version stands for its code? Not one that is linked in from a workspace:
   * its files change while its version stays.
   */
  isPackage(url: string): boolean;
  stop(): void;
}

/** Where Millrace's own modules lie, which are a package wherever they lie. */
const own = new URL("../", import.meta.url).href;

/**
 * Records imports from now on. What is loaded is what counts: no parser can miss an import that Node has followed.
 * Modules that were loaded before (Millrace's own) are not in it.
 */
export function recordModuleGraph(): ModuleGraph {
  const imports = new Map<string, Set<string>>();
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (context.parentURL !== undefined) {
        const known = imports.get(context.parentURL);
        if (known === undefined) imports.set(context.parentURL, new Set([resolved.url]));
        else known.add(resolved.url);
      }
      return resolved;
    },
  });
  return {
    isPackage,
    reachedFrom(url) {
      const reached = new Set([url]);
      // A set may grow while it is walked: each module's imports are visited in turn.
      for (const module of reached) {
        if (isPackage(module)) continue;
        for (const imported of imports.get(module) ?? []) reached.add(imported);
      }
      return [...reached];
    },
    stop: () => hooks.deregister(),
  };
}

function isPackage(url: string): boolean {
  return !url.startsWith("file:") || url.includes("/node_modules/") || url.startsWith(own);
}
