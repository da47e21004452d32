import { resolve } from "node:path";
import type { Command } from "commander";
import type { LoadedProject } from "../app/load-project.ts";
import type { OpenProject } from "../app/open-project.ts";
import { withSuggestions } from "./suggested-error.ts";

/** One call of the command line: what holds for every command. */
export interface Invocation {
  /** Where to look for the project. */
  readonly directory: string;
  /** The one to work in; that which `MILLRACE_ENV` names when undefined. */
  readonly environment: string | undefined;
  /** Machine-readable: JSON, and nothing but JSON, on standard output. */
  readonly json: boolean;
  /** Writes lines to standard output. */
  print(...lines: readonly string[]): void;
  /** Tells a result on standard output: as JSON, or else in words, which are made only then. */
  tell(result: unknown, inWords: () => Promise<readonly string[]> | readonly string[]): Promise<void>;
}

export function invocationOf(command: Command): Invocation {
  const options = command.optsWithGlobals<{ project?: string; env?: string; json?: boolean }>();
  const { json = false, project = "." } = options;
  const print = (...lines: readonly string[]): void => {
    if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
  };
  return {
    directory: resolve(project),
    environment: options.env,
    json,
    print,
    async tell(result, inWords) {
      if (json) print(JSON.stringify(result, null, 2));
      else print(...(await inWords()));
    },
  };
}

/** Loads the project; the code that can do so is loaded only now, so that help and usage errors come at once. */
export async function loadProjectOf(invocation: Invocation): Promise<LoadedProject> {
  const { loadProject } = await import("../app/load-project.ts");
  return loadProject(invocation.directory);
}

/** Loads and opens the project for as long as `use` takes. */
export async function usingProject<T>(
  invocation: Invocation,
  use: (open: OpenProject) => Promise<T>,
): Promise<T> {
  const loaded = await loadProjectOf(invocation);
  const { openProject } = await import("../app/open-project.ts");
  const open = await openProject(loaded, { environment: invocation.environment });
  try {
    return await use(open);
  } catch (error) {
    throw withSuggestions(error, loaded);
  } finally {
    await open.close();
  }
}
