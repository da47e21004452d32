import type { ProjectDefinition } from "../core/project/project.ts";
import { deriveCodeVersions } from "./code-versions.ts";
import { checkProject, type LoadedProject } from "./load-project.ts";
import { recordModules } from "./module-record.ts";

/**
 * A project that was put together in this process, for a test: it has no config file, and nobody else goes on with
 * what it has begun, so its code is not kept.
 *
 * @throws PROJECT_INVALID
 */
export function assembledProject(project: ProjectDefinition, directory: string): LoadedProject {
  const modules = recordModules();
  modules.stop();
  const { manifestOf, texts, ...versions } = deriveCodeVersions(modules, directory, project);
  return {
    directory,
    file: "",
    project,
    graph: checkProject(project),
    ...versions,
    code: {
      manifestOf,
      text: (digest) => texts.get(digest),
      keep: () => Promise.resolve(undefined),
      collect: () => Promise.resolve({ pins: 0, texts: 0 }),
    },
  };
}
