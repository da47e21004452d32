import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { entry, layers } from "../../layers.ts";
import { findCycles } from "./cycles.ts";
import { type Import, importsOf } from "./imports.ts";

/** Text of each source file by its path from the repository's root, such as `src/core/errors.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** Sentences about what breaks the layers; none when all is well. */
export function checkLayers(sources: Sources): string[] {
  const imports = new Map([...sources].map(([file, source]) => [file, importsOf(file, source)]));
  const violations = [...imports].flatMap(([file, list]) =>
    list.flatMap((found) => {
      const reason = forbidden(file, found);
      return reason === undefined ? [] : [`${file}:${found.line} imports ${found.specifier}: ${reason}`];
    }),
  );

  const runtime = new Map([...imports].map(([file, list]) => [file, loadedBy(file, list)]));
  const cycles = findCycles(runtime).map(
    (cycle) => `cycle at run time: ${[...cycle, cycle[0]].join(" -> ")}`,
  );
  return [...violations, ...cycles];
}

/** Why this import is forbidden, or undefined. */
function forbidden(file: string, found: Import): string | undefined {
  const target = resolve(file, found.specifier);
  if (file.startsWith("examples/")) return forbiddenInExample(file, target);

  const [from, rules] = layerOf(file);
  if (rules === undefined) return `${file} belongs to no layer; layers.ts names them all`;
  if (target !== undefined) {
    const [to] = layerOf(target);
    if (to === from || (to !== undefined && rules.imports.includes(to))) return undefined;
    if (found.kind === "type" && to !== undefined && rules.importsTypes?.includes(to)) return undefined;
    return `${from} may not import ${to ?? target}`;
  }
  if (found.specifier === "millrace" || found.specifier.startsWith("millrace/")) {
    return "sources import each other by path; only users import the package by its name";
  }
  // A unit test lies beside its source and needs the test runner; the direction holds for it as well.
  if (file.endsWith(".test.ts")) return undefined;
  if (isBuiltin(found.specifier)) {
    return rules.nodeBuiltins === false
      ? `${from} may not touch what Node gives; it decides, others act`
      : undefined;
  }
  if (rules.packages !== undefined && !rules.packages.includes(packageOf(found.specifier))) {
    return `${from} may import no package but ${rules.packages.join(", ")}`;
  }
  return undefined;
}

/** An example is what a user would write: it reaches Millrace by the package's name. */
function forbiddenInExample(file: string, target: string | undefined): string | undefined {
  const example = file.split("/").slice(0, 2).join("/");
  return target === undefined || target.startsWith(`${example}/`)
    ? undefined
    : "an example imports only its own files and packages";
}

function layerOf(file: string): [name: string | undefined, rules: (typeof layers)[string] | undefined] {
  const [top, folder = ""] = file.split("/");
  if (top !== "src") return [undefined, undefined];
  if (file === "src/index.ts") return ["src/index.ts", entry];
  return folder in layers ? [folder, layers[folder]] : [undefined, undefined];
}

function loadedBy(file: string, imports: readonly Import[]): string[] {
  return imports.flatMap((found) => (found.kind === "static" ? (resolve(file, found.specifier) ?? []) : []));
}

function resolve(file: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : undefined;
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
