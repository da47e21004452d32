type Manifest = Readonly<Record<string, unknown>>;

/** What matters to who installs the package; scripts, workspaces and development dependencies stay behind. */
const kept = [
  "name",
  "version",
  "description",
  "keywords",
  "license",
  "author",
  "homepage",
  "repository",
  "bugs",
  "type",
  "engines",
  "bin",
  "dependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "optionalDependencies",
];

/** package.json of the published folder, in which exports point at what tsc made of the sources. */
export function publishedManifest(manifest: Manifest): Manifest {
  const entries = kept.filter((key) => key in manifest).map((key) => [key, manifest[key]] as const);
  return {
    ...Object.fromEntries(entries),
    exports: publishedExports(manifest["exports"] as Record<string, string>),
  };
}

function publishedExports(exports: Readonly<Record<string, string>>): Manifest {
  return Object.fromEntries(
    Object.entries(exports).map(([name, path]) => {
      if (!path.endsWith(".ts")) return [name, path];
      const built = path.replace("./src/", "./").replace(/\.ts$/, "");
      return [name, { types: `${built}.d.ts`, default: `${built}.js` }];
    }),
  );
}
