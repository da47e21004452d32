/** `npm run layers`: checks the import direction that layers.ts states, over the sources as they are on disk. */
import { globSync, readFileSync } from "node:fs";
import { checkLayers } from "./layers/check.ts";

const files = globSync(["src/**/*.ts", "examples/**/*.ts"], { exclude: ["**/node_modules/**"] });
const problems = checkLayers(new Map(files.map((file) => [file, readFileSync(file, "utf8")])));

for (const problem of problems) console.error(problem);
console.log(`layers: ${files.length} files, ${problems.length} problem(s)`);
process.exitCode = problems.length === 0 ? 0 : 1;
