import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { suite, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { configOf, projectFolder } from "../integration/load/project-folder.ts";
import { run, script, type Ended } from "./materialize-process.ts";

const resumeScript = fileURLToPath(new URL("./resume-pinned.ts", import.meta.url));

const head = `import { appendFileSync } from "node:fs";
import { asset } from "millrace";
import * as z from "zod";
`;
const assetFile = (name: string, code: string, deps = "", option = ""): string => `${head}${deps}
export const ${name} = asset("${name}", {
  value: z.number(),
  ${option}
  ${deps === "" ? "" : `deps: { ${/\{ (\w+) \}/.exec(deps)?.[1] ?? ""} },`}
  run: async (inputs: object) => {
    appendFileSync(new URL("./ran.log", import.meta.url), "${name}\\n");
    ${code}
  },
});
`;

/** first → second → third, and apart from them `apart`: each in a module of its own, `second` with a helper. */
const files = {
  "millrace.config.ts": configOf("./first.ts", "./second.ts", "./third.ts", "./apart.ts"),
  "first.ts": assetFile("first", "return 1;"),
  "second.ts": assetFile(
    "second",
    'const { scale } = await import("./scale.ts"); return scale(10);',
    'import { first } from "./first.ts";\n',
  ),
  "scale.ts": "export const scale = (value: number): number => value * 2; // doubles\n",
  "third.ts": assetFile("third", "return 3;", 'import { second } from "./second.ts";\n', 'codeVersion: "1",'),
  "apart.ts": assetFile("apart", "return 4;"),
};

class Project {
  readonly folder: string;

  constructor(t: TestContext) {
    this.folder = projectFolder(t, files, "crash");
  }

  edit(file: keyof typeof files, from: string, to: string): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, "utf8");
    assert.ok(text.includes(from));
    writeFileSync(path, text.replace(from, to));
  }

  materialize(crashAt?: string): Promise<Ended> {
    return run(process.env, crashAt, [script, this.folder]);
  }

  resume(...args: readonly string[]): Promise<Ended> {
    return run(process.env, undefined, [resumeScript, this.folder, ...args]);
  }

  /** What has run since it was asked last. */
  ran(): string[] {
    const path = join(this.folder, "ran.log");
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    rmSync(path);
    return lines.toSorted();
  }

  query(text: string): readonly Record<string, unknown>[] {
    const database = new DatabaseSync(join(this.folder, ".millrace/state.db"), { readOnly: true });
    try {
      return database.prepare(text).all();
    } finally {
      database.close();
    }
  }

  /** Current values by asset. */
  values(): Record<string, unknown> {
    const rows = this.query(
      `select a.key, v.location from pointer p join version v on v.id = p.version_id join asset a on a.id = p.asset_id
       where p.valid_to is null`,
    );
    return Object.fromEntries(
      rows.map(({ key, location }) => [
        String(key),
        JSON.parse((JSON.parse(String(location)) as { inline: string }).inline),
      ]),
    );
  }
}

suite("code that is changed between a kill and the next command", { concurrency: 2 }, () => {
  test("only what it reaches and what reads that runs again; the rest is kept, and it says which (N9)", async (t) => {
    const project = new Project(t);
    const killed = await project.materialize("before-publish");
    assert.equal(killed.signal, "SIGKILL", killed.errors);
    assert.deepEqual(project.ran(), ["apart", "first", "second", "third"]);

    project.edit("scale.ts", "value * 2", "value * 3");
    const { result, errors } = await project.materialize();
    assert.equal(result?.outcome.status, "success", errors);
    assert.deepEqual(
      [result.continued, result.again],
      [
        2,
        [
          { key: "second", reason: "its code changed (scale.ts)" },
          { key: "third", reason: "reads second" },
        ],
      ],
    );
    assert.deepEqual(project.ran(), ["second", "third"]);
    assert.deepEqual(project.values(), { first: 1, second: 30, third: 3, apart: 4 });
    assert.equal(project.query("select id from run").length, 1, "the run went on");
    assert.deepEqual(
      project.query("select state, count(*) as n from version group by state order by state"),
      [
        Object.assign(Object.create(null), { state: "abandoned", n: 2 }),
        Object.assign(Object.create(null), { state: "published", n: 4 }),
      ],
    );
  });

  test("a comment changes nothing: all that was committed is kept (N8, N9)", async (t) => {
    const project = new Project(t);
    await project.materialize("before-publish");
    project.ran();
    project.edit("scale.ts", "// doubles", "// twice as much");
    const { result } = await project.materialize();
    assert.deepEqual([result?.continued, result?.again], [4, []]);
    assert.throws(() => project.ran(), { code: "ENOENT" });
  });

  test("an asset that came is made too, one that went is not published (N9)", async (t) => {
    const project = new Project(t);
    await project.materialize("before-publish");
    project.ran();
    writeFileSync(join(project.folder, "more.ts"), assetFile("more", "return 5;"));
    writeFileSync(
      join(project.folder, "millrace.config.ts"),
      configOf("./first.ts", "./second.ts", "./third.ts", "./more.ts"),
    );
    const { result, errors } = await project.materialize();
    assert.equal(result?.outcome.status, "success", errors);
    // Another selection of assets is other work: it begins anew.
    assert.equal(result.continued, undefined);
    assert.deepEqual(Object.keys(project.values()).toSorted(), ["first", "more", "second", "third"]);
  });
});

suite("a run that is resumed by its own code", { concurrency: 2 }, () => {
  test("runs what it was launched with, though files have changed and vanished, also where they are imported late (N9)", async (t) => {
    const project = new Project(t);
    const killed = await project.materialize("after-step:2");
    assert.equal(killed.signal, "SIGKILL", killed.errors);
    const before = project.ran();
    project.edit("scale.ts", "value * 2", "value * 3");
    project.edit("third.ts", "return 3;", "return 33;");
    for (const file of ["first.ts", "second.ts", "millrace.config.ts"]) rmSync(join(project.folder, file));
    const [row] = project.query("select id, code_pin from run");
    const { result, errors } = await project.resume(String(row?.["id"]), String(row?.["code_pin"]));
    assert.equal(result?.outcome.status, "success", errors);
    assert.deepEqual(project.values(), { first: 1, second: 20, third: 3, apart: 4 });
    const committed = result.outcome.succeeded - project.ran().length;
    assert.equal(committed, 2, "what was committed did not run again");
    assert.ok(before.length >= 2);
  });

  test("is refused with other code, and with code that is gone or damaged, by name (N9)", async (t) => {
    const project = new Project(t);
    await project.materialize("after-step:2");
    const [row] = project.query("select id, code_pin from run");
    const [id, pin] = [String(row?.["id"]), String(row?.["code_pin"])];
    const gone = await project.resume(id, "0123456789abcdef");
    assert.match(gone.errors, /The code 01234567 is no longer in .*\.millrace\/code/);
    const blob = join(project.folder, ".millrace/code/pins", `${pin}.json`);
    const text = readFileSync(blob, "utf8");
    writeFileSync(blob, text.replace("first.ts", "worst.ts"));
    assert.match((await project.resume(id, pin)).errors, /does not hold what it is named after/);
    writeFileSync(blob, text);
    project.edit("scale.ts", "value * 2", "value * 3");
    assert.match((await project.resume(id)).errors, /was launched with the code/);
    assert.match((await project.resume("nobody", pin)).errors, /RUN_NOT_FOUND|no run/i);
    const { result } = await project.resume(id, pin);
    assert.equal(result?.outcome.status, "success");
    assert.match((await project.resume(id, pin)).errors, /has ended|already/i);
  });
});
