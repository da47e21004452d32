import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { CliProject } from "./cli-project.ts";

const assets = `
export const pages = asset("pages", {
  value: z.unknown(),
  config: z.object({
    count: z.int().default(2),
    title: z.string().optional(),
    tags: z.array(z.string()).default([]),
    source: z.object({ url: z.string(), retries: z.int() }).partial().default({}),
    token: secret().optional(),
  }),
  run: (_, { config: { token, ...rest }, log }) => {
    log.info("given", { ...rest, signedIn: token !== undefined });
    return rest;
  },
});
`;

function projectWithPages(t: TestContext): CliProject {
  const project = new CliProject(t);
  project.edit("assets.ts", "import { asset, check,", "import { asset, check, secret,");
  project.write("assets.ts", `${project.read("assets.ts")}${assets}`);
  return project;
}

/** What the step has logged of its config. */
async function given(
  project: CliProject,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const { code, stdout, stderr } = await project.run(["materialize", "pages", ...args, "--json"], env);
  assert.equal(code, 0, stderr);
  const { runId } = JSON.parse(stdout) as { readonly runId: string };
  const run = await project.json<{
    readonly events: readonly { type: string; data: { fields?: unknown } }[];
  }>("runs", "show", runId);
  return run.events.find(({ type }) => type === "log")?.data.fields;
}

suite("config on the command line", { concurrency: 2 }, () => {
  test("comes from JSON and YAML files, from JSON in place, and from single values, the later saying", async (t) => {
    const project = projectWithPages(t);
    const file = { assets: { pages: { count: 1, title: "json", source: { url: "a", retries: 1 } } } };
    project.write("base.json", JSON.stringify(file));
    project.write(
      "more.yaml",
      "assets:\n  pages:\n    title: yaml # a comment\n    tags: [a, b]\n    source:\n      retries: 2\n      url: {$env: PAGES_URL}\n",
    );
    const env = { PAGES_URL: "from outside" };
    const files = ["--config", "base.json", "--config", "more.yaml"];
    assert.deepEqual(await given(project, files, env), {
      count: 1,
      title: "yaml",
      tags: ["a", "b"],
      source: { url: "from outside", retries: 2 },
      signedIn: false,
    });
    const inPlace = ["--config", '{"assets": {"pages": {"count": 7}}}'];
    const single = ["assets.pages.title=0042", "assets.pages.tags[0]=x", 'assets["pages"].source.url='];
    const sets = [...single, "assets.pages.token={$env: PAGES_TOKEN}", 'assets.pages.title="00: 42"'].flatMap(
      (value) => ["--set", value],
    );
    const values = [...files, ...sets, ...inPlace];
    assert.deepEqual(await given(project, values, { ...env, PAGES_TOKEN: "a-secret" }), {
      count: 7,
      title: "00: 42",
      tags: ["x", "b"],
      source: { url: "", retries: 2 },
      signedIn: true,
    });
  });

  test("is checked before anything begins, and by --explain too: all mistakes, with what was meant", async (t) => {
    const project = projectWithPages(t);
    const wrong = ["assets.pages.cuont=3", "assets.pages.title=42", "assets.pagse.count=1"];
    const flags = wrong.flatMap((value) => ["--set", value]);
    for (const more of [[], ["--explain"]]) {
      const { code, stderr } = await project.run(["materialize", "pages", ...flags, ...more]);
      assert.equal(code, 2);
      assert.match(stderr, /^error: The config has 3 mistakes\n/);
      assert.match(stderr, /CONFIG_FIELD_UNKNOWN +assets\.pagse: no such asset; .*\(did you mean pages\?\)/);
      assert.match(stderr, /CONFIG_FIELD_UNKNOWN +assets\.pages\.cuont: .*\(did you mean count\?\)/);
      assert.match(stderr, /CONFIG_FIELD_INVALID +assets\.pages\.title: .*expected string, received number/);
    }
    const { stderr } = await project.run(["materialize", "pages", ...flags, "--json"]);
    const { error } = JSON.parse(stderr) as {
      error: { code: string; problems: { place: { field: string } }[] };
    };
    assert.equal(error.code, "CONFIG_INVALID");
    assert.deepEqual(
      error.problems.map(({ place }) => place.field),
      ["assets.pagse", "assets.pages.cuont", "assets.pages.title"],
    );
    assert.deepEqual(await project.json("runs", "ls"), { runs: [] });
  });

  test("that cannot be read is one clear error, and quotes nothing of it", async (t) => {
    const project = projectWithPages(t);
    project.write("broken.json", '{"assets": {"pages": {"token": "do-not-quote" x}}}');
    project.write("broken.yaml", "assets:\n  pages: {a: 1\n  do-not-quote: @x\n");
    project.write(
      "bomb.yaml",
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: &c [${"*b,".repeat(9)}]\nd: [${"*c,".repeat(9)}]\n`,
    );
    const cases: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
      "a file that is not there": [
        ["--config", "nowhere.json"],
        /nowhere\.json cannot be read as config: ENOENT/,
      ],
      "broken JSON": [["--config", "broken.json"], /broken\.json cannot be read as config: no JSON: .*/],
      "broken JSON in place": [
        ["--config", '{"do-not-quote": x}'],
        /The JSON given to --config cannot be read/,
      ],
      "broken YAML": [
        ["--config", "broken.yaml"],
        /broken\.yaml cannot be read as config: no YAML: .*\(line \d\)/,
      ],
      "aliases without end": [
        ["--config", "bomb.yaml"],
        /bomb\.yaml cannot be read as config: no YAML: Excessive alias/,
      ],
      "a value that is no YAML": [
        ["--set", "assets.pages.title=@do-not-quote"],
        /What --set gives to assets\.pages\.title/,
      ],
      "a path that is none": [["--set", "assets..pages=do-not-quote"], /is no path at character 7/],
      "no value": [["--set", "assets.pages"], /lacks its value/],
      "a place beyond the end of a list": [["--set", "assets.pages.tags[3]=x"], /the list has no such place/],
      "a document that is no object": [["--config", "list.yaml"], /config: expected an object/],
    };
    project.write("list.yaml", "- 1\n");
    for (const [what, [flags, expected]] of Object.entries(cases)) {
      const { code, stderr } = await project.run(["materialize", "pages", ...flags]);
      assert.equal(code, 2, `${what}: ${stderr}`);
      assert.match(stderr, expected, what);
      assert.doesNotMatch(stderr, /do-not-quote/, what);
    }
  });

  test("is shown with the run, and what was made with which by a hash", async (t) => {
    const project = projectWithPages(t);
    for (const count of [1, 2])
      await project.run(["materialize", "pages", "--set", `assets.pages.count=${count}`]);
    const { runs } = await project.json<{ runs: readonly { id: string; config: unknown }[] }>("runs", "ls");
    assert.deepEqual(
      runs.map(({ config }) => config),
      [{ assets: { pages: { count: 2 } } }, { assets: { pages: { count: 1 } } }],
    );
    const shown = await project.run(["runs", "show", runs[0]?.id ?? ""]);
    assert.match(shown.stdout, /\nconfig\n +\{\n +"assets": \{/);
    const { versions } = await project.json<{ versions: readonly { configHash: string }[] }>(
      "versions",
      "pages",
    );
    assert.equal(new Set(versions.map(({ configHash }) => configHash)).size, 2);
    assert.match((await project.run(["versions", "pages"])).stdout, /RUN +CONFIG +STATE/);
    assert.match((await project.run(["show", "pages"])).stdout, /config +count, title, tags, source, token/);
  });
});
