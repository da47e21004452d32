import { watch } from "node:fs";
import { sep } from "node:path";

/** What a project's code is made of. Data and documents beside it change without the code being another. */
const codeFile = /\.(?:[cm]?[jt]sx?|json|sql|ya?ml|toml|wasm|node)$/;

/** What the project's variables are read from. */
const envFiles: ReadonlySet<string> = new Set([".env", ".env.local"]);

/** An editor writes several files, or one in several steps. */
const settleMs = 50;

export interface ProjectWatch {
  close(): void;
}

/**
 * Tells which files of the project changed, once they have come to rest. Paths are relative to the directory.
 *
 * @param isWritten Is this path one that Millrace itself writes?
 */
export function watchProject(
  directory: string,
  isWritten: (file: string) => boolean,
  onChange: (files: readonly string[]) => void,
  onError: (error: Error) => void,
): ProjectWatch {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    const files = [...changed].sort();
    changed.clear();
    onChange(files);
  };
  // `ignore` keeps whole folders from being watched: without it, node_modules takes one watch for each of its folders.
  const watcher = watch(directory, { recursive: true, ignore: isIgnored }, (_, file) => {
    if (file === null || isIgnored(file) || isWritten(file)) return;
    if (!codeFile.test(file) && !envFiles.has(file)) return;
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(settle, settleMs);
  });
  watcher.on("error", onError);
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Dependencies, and everything whose name begins with a dot: git's own, Millrace's, editors' copies. */
function isIgnored(path: string): boolean {
  if (envFiles.has(path)) return false;
  return path.split(sep).some((part) => part === "node_modules" || (part.startsWith(".") && part.length > 1));
}
