import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { counted } from "../core/counted.ts";
import { MillraceError } from "../core/errors.ts";
import { ProjectGraph } from "../core/project/project-graph.ts";
import { projectDefinition, type ProjectDefinition } from "../core/project/project.ts";
import { validateProject } from "../core/project/validate-project.ts";
import { deriveCodeVersions } from "./code-versions.ts";
import { loadError } from "./load-error.ts";
import { recordModuleGraph, type ModuleGraph } from "./module-graph.ts";

/** A project's definitions, found valid, and the identity of its code. */
export interface LoadedProject {
  /** The folder of `millrace.config.ts`. */
  readonly directory: string;
  readonly file: string;
  readonly project: ProjectDefinition;
  readonly graph: ProjectGraph;
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  readonly endpointCodeVersionOf: (endpoint: EndpointDefinition) => string;
}

const configNames = [
  "millrace.config.ts",
  "millrace.config.mts",
  "millrace.config.js",
  "millrace.config.mjs",
];

/**
 * Loads the project that `directory` lies in.
 *
 * @throws PROJECT_NOT_FOUND, PROJECT_LOAD_FAILED, PROJECT_NOT_ESM, DEFINITION_USED_TOO_EARLY, PROJECT_NOT_EXPORTED,
 *   and PROJECT_INVALID with every mistake in `problems`
 */
export async function loadProject(directory: string): Promise<LoadedProject> {
  const file = findConfig(resolve(directory));
  const modules = recordModuleGraph();
  try {
    const exported = await importConfig(file);
    const project = projectDefinition(exported);
    if (project === undefined) throw new MillraceError("PROJECT_NOT_EXPORTED", {}, { place: { file } });
    return checked(project, file, modules);
  } finally {
    modules.stop();
  }
}

/** The same for a project put together in a test, without a file of its own. */
export function checkProject(project: ProjectDefinition): ProjectGraph {
  const problems = validateProject(project);
  if (problems.length > 0) throw invalidProject(problems);
  return new ProjectGraph(project);
}

function checked(project: ProjectDefinition, file: string, modules: ModuleGraph): LoadedProject {
  const directory = dirname(file);
  return {
    directory,
    file,
    project,
    graph: checkProject(project),
    ...deriveCodeVersions(modules, directory),
  };
}

function invalidProject(problems: readonly MillraceError[]): MillraceError {
  const list = problems.map(({ place, message }) => {
    return place.file === undefined ? `- ${message}` : `- ${place.file}:${place.line ?? 0}  ${message}`;
  });
  return new MillraceError(
    "PROJECT_INVALID",
    { mistakes: counted(problems.length, "mistake"), list: list.join("\n") },
    { problems },
  );
}

/**
 * The config file of the project that `directory` lies in.
 *
 * @throws PROJECT_NOT_FOUND
 */
export function findConfig(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    const found = configNames.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) throw new MillraceError("PROJECT_NOT_FOUND", { directory });
  }
}

async function importConfig(file: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    return module.default;
  } catch (error) {
    if (error instanceof MillraceError) throw invalidProject([error]);
    throw loadError(error, file);
  }
}
