import { isFence, readFences } from "./fences.ts";
import { guideSteps } from "./guide-steps.ts";

/**
 * The TypeScript of a page as modules to be type-checked: what has a title is a file of its own, all the rest makes one
 * module from top to bottom, so that a page says once what its examples stand on.
 *
 * @param name for the modules' files
 * @returns text by file name
 */
export function snippetModules(markdown: string, name: string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  let module = "";
  for (const fence of readFences(markdown)) {
    if (!isFence(fence) || fence.language !== "ts") continue;
    const title = fence.options.get("title");
    const text = `// line ${fence.line}\n${fence.text}`;
    if (title === undefined) module += text;
    else modules.set(`${name}--${title.replaceAll("/", "-")}`, text);
  }
  // Without an export or import it would be a script, whose names are global.
  if (module !== "") modules.set(`${name}.ts`, `${module}export {};\n`);
  return modules;
}

/** The files that a reader of these guides has at their end, by path. */
export function guideFiles(guides: readonly string[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const guide of guides)
    for (const step of guideSteps(guide)) if (step.step === "write") files.set(step.file, step.text);
  return files;
}
