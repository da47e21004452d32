/**
 * The one place that says who may import whom; `scripts/layers.ts` checks it. Each layer is a folder of `src` and
 * names the layers it builds on. Not in the list means forbidden: neighbours never import each other.
 */
interface Layer {
  /** Layers that it may import, at run time or for a type. */
  readonly imports: readonly string[];
  /** Further layers that it may import with `import type` only. */
  readonly importsTypes?: readonly string[];
  /** npm packages that it may import; without this, any. */
  readonly packages?: readonly string[];
  /** False when it may not touch what Node gives (files, processes, the clock): pure decisions. */
  readonly nodeBuiltins?: false;
}

const foundation = ["core", "ports"];
const implementations = ["storage", "tables", "engine", "launchers", "daemon", "http"];

/** What the command line and the test kit stand on: the app picks implementations, they never do. */
const useCases = [...foundation, "http", "serving", "control", "app"];

export const layers: Readonly<Record<string, Layer>> = {
  core: { imports: [], packages: ["zod"], nodeBuiltins: false },
  ports: { imports: ["core"] },

  storage: { imports: foundation },
  tables: { imports: foundation },
  engine: { imports: foundation },
  launchers: { imports: foundation },
  daemon: { imports: foundation },
  http: { imports: foundation },

  serving: { imports: [...foundation, "http"] },
  control: { imports: [...foundation, "http"] },

  app: { imports: [...foundation, ...implementations, "serving", "control"] },

  cli: { imports: useCases },
  testing: { imports: useCases },

  // Loaded by a linter, beside a project and never with it.
  lint: { imports: [], packages: [], nodeBuiltins: false },
};

/** `src/index.ts`, what users import: running code from the core alone, so that importing it stays cheap. */
export const entry: Layer = { imports: ["core"], importsTypes: Object.keys(layers) };
