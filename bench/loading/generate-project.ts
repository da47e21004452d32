import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const assetsInModule = 50;

/** In the order in which they are taken, so that few of them are as mixed as all. */
const columnTexts = [
  "id: z.int()",
  "name: z.string()",
  "day: z.iso.date()",
  "note: z.string().nullable()",
  "count: z.int().min(0)",
  "amount: z.number()",
  "active: z.boolean()",
  "kind: z.string().max(20)",
] as const;

export interface GeneratedProject {
  readonly assets: number;
  /** Of each asset; at most 8. */
  readonly columns: number;
}

/**
 * Writes a project into a folder: modules of 50 assets, each with 3 dependencies, a quarter in TypeScript, the others in
 * SQL. And `bare.ts`, which imports the very same modules, where `asset` only makes an object of its options: what Node
 * and zod cost by themselves.
 */
export function generateProject(folder: string, { assets, columns }: GeneratedProject): void {
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["millrace", "zod"]) {
    const target = fileURLToPath(
      new URL(`../../${name === "millrace" ? "" : `node_modules/${name}`}`, import.meta.url),
    );
    symlinkSync(target, join(folder, "node_modules", name), "junction");
  }
  for (const variant of ["assets", "bare"]) mkdirSync(join(folder, variant));
  const modules = Math.ceil(assets / assetsInModule);
  for (let index = 0; index < modules; index += 1) {
    const last = Math.min(assets, (index + 1) * assetsInModule);
    writeFileSync(join(folder, "assets", `part-${index}.ts`), moduleText(index, last, columns, "millrace"));
    writeFileSync(
      join(folder, "bare", `part-${index}.ts`),
      moduleText(index, last, columns, "./stand-in.ts"),
    );
  }
  const names = Array.from({ length: modules }, (_, index) => index);
  const imports = (variant: string): string =>
    names.map((index) => `import * as part${index} from "./${variant}/part-${index}.ts";\n`).join("");
  const all = `[${names.map((index) => `part${index}`).join(", ")}]`;
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(
    join(folder, "millrace.config.ts"),
    `import { defineProject } from "millrace";\n${imports("assets")}export default defineProject({ name: "generated", definitions: ${all} });\n`,
  );
  writeFileSync(join(folder, "bare.ts"), `${imports("bare")}export default ${all};\n`);
  writeFileSync(
    join(folder, "bare", "stand-in.ts"),
    "export const asset = (key: string, options: object) => ({ key, ...options });\n" +
      "export const sql = (text: TemplateStringsArray, ...values: unknown[]) => ({ text, values });\n",
  );
}

function moduleText(module: number, last: number, columns: number, from: string): string {
  const first = module * assetsInModule;
  const dependencies = (index: number): number[] =>
    [1, 7, 60].map((back) => index - back).filter((at) => at >= 0);
  const elsewhere = new Map<number, number[]>();
  for (let index = first; index < last; index += 1) {
    for (const dependency of dependencies(index)) {
      if (dependency >= first) continue;
      const owner = Math.floor(dependency / assetsInModule);
      elsewhere.set(owner, [...new Set([...(elsewhere.get(owner) ?? []), dependency])]);
    }
  }
  const imports = [...elsewhere].map(
    ([owner, used]) => `import { ${used.map((at) => `asset${at}`).join(", ")} } from "./part-${owner}.ts";\n`,
  );
  const definitions: string[] = [];
  for (let index = first; index < last; index += 1)
    definitions.push(assetText(index, columns, dependencies(index)));
  return [
    `import { asset, sql } from "${from}";\n`,
    'import * as z from "zod";\n',
    ...imports,
    ...definitions,
  ].join("");
}

function assetText(index: number, columns: number, dependencies: readonly number[]): string {
  const names = dependencies.map((at) => `asset${at}`);
  const [first] = names;
  const body =
    index % 4 === 0 || first === undefined
      ? `deps: { ${names.join(", ")} }, run: () => []`
      : `sql: sql\`select a.* from ${names.map((name, at) => `\${${name}} as ${"abc"[at] ?? ""}`).join(" join ")}\``;
  const key = `group_${index % 20}/asset_${index}`;
  return `export const asset${index} = asset("${key}", {\n  columns: z.object({ ${columnTexts.slice(0, columns).join(", ")} }),\n  ${body},\n});\n`;
}
