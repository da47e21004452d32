import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { AssetDefinition } from "../core/asset/asset-definition.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { counted } from "../core/counted.ts";
import { MillraceError } from "../core/errors.ts";
import type { JobDefinition } from "../core/job/job-definition.ts";
import type { OpDefinition } from "../core/op/op-definition.ts";
import { ProjectGraph } from "../core/project/project-graph.ts";
import { projectDefinition, type ProjectDefinition } from "../core/project/project.ts";
import { validateProject } from "../core/project/validate-project.ts";
import type { ProjectCode } from "../ports/project-code.ts";
import { CodeFolder } from "./code-folder.ts";
import { pinnedModules, urlOf, type CodePin } from "./code-pin.ts";
import { deriveCodeVersions } from "./code-versions.ts";
import { loadEnvFiles } from "./env-files.ts";
import { foreseeImports } from "./foreseen-imports.ts";
import { keptCode } from "./kept-code.ts";
import { loadError } from "./load-error.ts";
import { recordModules, type ModuleRecord, type PinnedModules } from "./module-record.ts";

/** A project's definitions, found valid, and the identity of its code. */
export interface LoadedProject {
  /** The folder of `millrace.config.ts`. */
  readonly directory: string;
  readonly file: string;
  readonly project: ProjectDefinition;
  readonly graph: ProjectGraph;
  readonly codeVersionOf: (asset: AssetDefinition) => string;
  readonly endpointCodeVersionOf: (endpoint: EndpointDefinition) => string;
  readonly opCodeVersionOf: (op: OpDefinition) => string;
  readonly jobCodeVersionOf: (job: JobDefinition) => string;
  readonly code: ProjectCode;
}

export interface LoadOptions {
  /** The code pin to load, whatever has become of the files since. Today's files when absent. */
  readonly code?: string;
}

const configNames = [
  "millrace.config.ts",
  "millrace.config.mts",
  "millrace.config.js",
  "millrace.config.mjs",
];

/**
 * Loads the project that `directory` lies in: with pinned code the one whose folder it is. Each file is read once, and
 * what was read is what runs, what is hashed and what is kept. A process loads a project once: Node keeps its modules.
 *
 * The variables of its `.env.local` and `.env` are set before, where the process does not have them.
 *
 * @throws PROJECT_NOT_FOUND, ENVIRONMENT_FILE_UNREADABLE, PROJECT_LOAD_FAILED, PROJECT_NOT_ESM, DEFINITION_USED_TOO_EARLY, PROJECT_NOT_EXPORTED,
 *   CODE_GONE, CODE_DAMAGED, and PROJECT_INVALID with every mistake in `problems`
 */
export async function loadProject(directory: string, options: LoadOptions = {}): Promise<LoadedProject> {
  return options.code === undefined ? loadToday(resolve(directory)) : loadPinned(directory, options.code);
}

function loadToday(directory: string): Promise<LoadedProject> {
  const file = findConfig(directory);
  const root = realpathSync(dirname(file));
  loadEnvFiles(root);
  return load(file, root, codeFolderOf(root), recordModules());
}

function loadPinned(directory: string, name: string): Promise<LoadedProject> {
  const root = realpathSync(directory);
  loadEnvFiles(root);
  const folder = codeFolderOf(root);
  const pin: CodePin = folder.readPin(name);
  const file = fileURLToPath(urlOf(pin.config, root));
  const pinned = pinnedModules(pin, root, folder);
  return load(file, root, folder, recordModules(pinned), { name, pinned });
}

async function load(
  file: string,
  root: string,
  folder: CodeFolder,
  modules: ModuleRecord,
  code?: { readonly name: string; readonly pinned: PinnedModules },
): Promise<LoadedProject> {
  const url = pathToFileURL(join(root, basename(file))).href;
  try {
    const exported = await importConfig(url, file);
    foreseeImports(url, modules, code?.pinned);
    const project = projectDefinition(exported);
    if (project === undefined) throw new MillraceError("PROJECT_NOT_EXPORTED", {}, { place: { file } });
    const { manifestOf, texts, ...versions } = deriveCodeVersions(modules, root, project);
    return {
      directory: dirname(file),
      file,
      project,
      graph: checkProject(project),
      ...versions,
      code: keptCode({ url, root, folder, modules, manifestOf, texts, name: code?.name }),
    };
  } finally {
    modules.stop();
  }
}

/** Code of earlier loads lies beside the state that the project has by default. */
function codeFolderOf(root: string): CodeFolder {
  return new CodeFolder(resolve(root, process.env["MILLRACE_CODE"] ?? ".millrace/code"));
}

/** The same for a project put together in a test, without a file of its own. */
export function checkProject(project: ProjectDefinition): ProjectGraph {
  const graph = new ProjectGraph(project);
  const problems = validateProject(project, graph);
  if (problems.length > 0) throw invalidProject(problems);
  return graph;
}

/** All mistakes of a project as one error. */
export function invalidProject(problems: readonly MillraceError[]): MillraceError {
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

async function importConfig(url: string, file: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(url);
    return module.default;
  } catch (error) {
    if (error instanceof MillraceError) throw invalidProject([error]);
    throw loadError(error, file);
  }
}
