/** Imports the same modules without Millrace: `load-bare.ts <folder>`. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { giveResult } from "../measure/give-result.ts";

const [folder = ""] = process.argv.slice(2);
const started = performance.now();
await import(pathToFileURL(join(folder, "bare.ts")).href);
giveResult({ loading: performance.now() - started });
