/**
 * `npm run build`: makes `dist/`, the folder that is published (`npm pack ./dist`). In the repository the package's
 * exports are its sources; Node strips no types inside node_modules, so users get plain JavaScript.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedManifest } from "./build/published-manifest.ts";
import { startJavaScript } from "./build/start-javascript.ts";

process.chdir(new URL("..", import.meta.url).pathname);

rmSync("dist", { recursive: true, force: true });
const tsc = spawnSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
if (tsc.status !== 0) process.exit(1);

for (const file of globSync("dist/**/*.js")) writeFileSync(file, startJavaScript(readFileSync(file, "utf8")));
// What the sources read as files, such as SQL, keeps its place beside them.
for (const file of globSync("src/**/*.*", { exclude: ["**/*.ts"] })) copy(file, file.replace(/^src/, "dist"));
for (const file of ["bin/millrace.js", "preset/tsconfig.json", "LICENSE", "README.md"])
  if (existsSync(file)) copy(file, join("dist", file));

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, unknown>;
writeFileSync("dist/package.json", `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
console.log(`dist/ holds ${globSync("dist/**/*.js").length} modules; pack it with: npm pack ./dist`);

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
