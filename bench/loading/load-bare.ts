/** Imports the same modules without Millrace: `load-bare.ts <folder>`. */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { giveResult } from "../measure/give-result.ts";

const [folder = ""] = process.argv.slice(2);
// As the command line does.
enableCompileCache(join(folder, "compiled"));
const started = performance.now();
await import(pathToFileURL(join(folder, "bare.ts")).href);
giveResult({ loading: performance.now() - started });
