import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { CliProject } from "./cli-project.ts";

const config = `import { defineProject, env } from "millrace";
import * as api from "./api.ts";
import * as assets from "./assets.ts";
import * as store from "./store.ts";

export default defineProject({
  name: "shop",
  definitions: [assets, api, store],
  resources: (environment) => [
    store.till.with({ at: env("TILL_AT"), token: env("TILL_TOKEN"), of: environment }),
  ],
});
`;
const store = `import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { asset, endpoint, resource, secret } from "millrace";
import * as z from "zod";

const note = (text: string): void => appendFileSync(\`\${import.meta.dirname}/notes.log\`, \`\${text}\\n\`);

export const till = resource("till", {
  description: "Where the orders are",
  config: z.object({ at: z.string(), of: z.string(), token: secret(), pool: z.int().default(4) }),
  create: (_, { config, defer }) => {
    note(\`+till at \${config.at} of \${config.of}\`);
    defer(() => note("-till"));
    return config;
  },
  check: ({ at, token }) => {
    if (at === "locked") throw new Error(\`401 for \${token}\`);
    return at !== "nowhere";
  },
});

export const told = asset("told", {
  value: z.string(),
  resources: { till },
  run: async (given, { signal }) => {
    note("told");
    while (existsSync(\`\${import.meta.dirname}/hold-told\`) && !signal.aborted) await sleep(20);
    return given.till.at;
  },
});

export const where = endpoint("GET /where", {
  resources: { till },
  returns: z.object({ at: z.string() }),
  handler: (given) => ({ at: given.till.at }),
});
`;

function projectWithTill(
  t: ConstructorParameters<typeof CliProject>[0],
  variables = "TILL_AT=here\nTILL_TOKEN=hunter2-hunter2\n",
): CliProject {
  const project = new CliProject(t);
  project.write("store.ts", store);
  project.write("millrace.config.ts", config);
  project.write(".env", variables);
  project.write("notes.log", "");
  return project;
}
const notes = (project: CliProject): readonly string[] => project.read("notes.log").trim().split("\n");

test("variables come from the process, then from .env.local, then from .env of the project's folder", async (t) => {
  const project = projectWithTill(t);
  const run = async (env: NodeJS.ProcessEnv = {}): Promise<string | undefined> => {
    const { code, stderr } = await project.run(["materialize", "told"], env);
    assert.equal(code, 0, stderr);
    return notes(project).findLast((note) => note.startsWith("+"));
  };
  assert.equal(await run(), "+till at here of main");
  project.write(".env.local", '\uFEFFTILL_AT="over there" # nearer\n');
  assert.equal(await run(), "+till at over there of main");
  assert.equal(await run({ TILL_AT: "elsewhere" }), "+till at elsewhere of main");
  assert.deepEqual(notes(project).slice(-3), ["+till at elsewhere of main", "told", "-till"]);
});

test("variables that are missing are told all at once, with their places, by what would use them; looking still works", async (t) => {
  const project = projectWithTill(t, "");
  const validated = await project.run(["validate"]);
  assert.equal(validated.code, 1);
  assert.match(
    validated.stdout,
    /millrace\.config\.ts:10[\s\S]*TILL_AT is not set[\s\S]*TILL_TOKEN is not set[\s\S]*2 mistakes/,
  );
  for (const command of [
    ["materialize", "told"],
    ["serve", "--port", "0"],
  ]) {
    const { code, stderr } = await project.run(command);
    assert.equal(code, 1, command.join(" "));
    assert.match(
      stderr,
      /millrace\.config\.ts:10 .*TILL_AT is not set[\s\S]*TILL_TOKEN is not set/,
      command.join(" "),
    );
    assert.match(stderr, /\.env/);
  }
  const { runs } = await project.json<{ runs: unknown[] }>("runs");
  assert.deepEqual(runs, []);
  for (const command of [
    ["ls"],
    ["show", "told"],
    ["why", "told"],
    ["resource"],
    ["resource", "show", "till"],
  ])
    assert.equal((await project.run(command)).code, 0, command.join(" "));
});

test("validate tells what does not fit a resource's config, too", async (t) => {
  const project = projectWithTill(t);
  project.edit("millrace.config.ts", "of: environment", "of: environment, pool: -0.5");
  const { code, stdout } = await project.run(["validate"]);
  assert.equal(code, 1);
  assert.match(stdout, /millrace\.config\.ts:10[\s\S]*resources\.till\.pool: expected a whole number/);
  assert.doesNotMatch(stdout, /hunter2/);
});

test("an environment file that cannot be read is told with its place", async (t) => {
  const project = projectWithTill(t);
  mkdirSync(project.path(".env.local"));
  const { code, stderr } = await project.run(["ls"]);
  assert.equal(code, 1);
  assert.match(stderr, /environment file cannot be read: EISDIR[\s\S]*at \.env\.local/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends a run and disposes what it works with`, async (t) => {
    const project = projectWithTill(t);
    project.write("hold-told", "");
    const running = project.start(["materialize", "told"]);
    while (!notes(project).includes("told")) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill(signal);
    assert.equal((await running.ended).code, signal === "SIGINT" ? 130 : 143);
    assert.deepEqual(notes(project), ["+till at here of main", "told", "-till"]);
  });
}

test("a run whose process was killed leaves nothing that keeps the next one from the resource", async (t) => {
  const project = projectWithTill(t);
  project.write("hold-told", "");
  const running = project.start(["materialize", "told"], { MILLRACE_LEASE: "1s" });
  while (!notes(project).includes("told")) await new Promise((resolve) => setTimeout(resolve, 20));
  running.kill("SIGKILL");
  await running.ended;
  writeFileSync(project.path("notes.log"), "");
  rmSync(project.path("hold-told"));
  const { code, stderr } = await project.run(["materialize", "told"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(notes(project), ["+till at here of main", "told", "-till"]);
});

test("a server opens what its handlers work with before it is ready, and disposes it when it stops", async (t) => {
  const project = projectWithTill(t);
  const server = project.start(["serve", "--port", "0"]);
  const [, url = ""] = await server.printed(/(http:\/\/127\.0\.0\.1:\d+)\b/);
  const ready = async (): Promise<boolean> => (await fetch(`${url}/readyz`)).status === 200;
  while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(notes(project), ["+till at here of main"]);
  assert.deepEqual(await (await fetch(`${url}/api/where`)).json(), { at: "here" });
  server.kill("SIGINT");
  assert.equal((await server.ended).code, 0);
  assert.deepEqual(notes(project), ["+till at here of main", "-till"]);
});

test("resource ls and show tell what there is, its config with secrets hidden, and who works with it", async (t) => {
  const project = projectWithTill(t);
  const listed = await project.run(["resource"]);
  assert.match(listed.stdout, /till +the process +1 asset, 1 endpoint/);
  const { resource } = await project.json<{ resource: Record<string, unknown> }>("resource", "show", "till");
  assert.deepEqual(resource["config"], {
    at: { value: "here", variable: { name: "TILL_AT", set: true }, from: "code" },
    of: { value: "main", from: "code" },
    token: { value: "***", variable: { name: "TILL_TOKEN", set: true }, from: "code" },
    pool: { value: 4, from: "default" },
  });
  assert.deepEqual(resource["usedBy"], {
    assets: ["told"],
    checks: [],
    endpoints: ["GET /where"],
    ops: [],
    resources: [],
  });
  const { stdout } = await project.run(["resource", "show", "till"]);
  assert.match(stdout, /Where the orders are[\s\S]*token +\*\*\* +from TILL_TOKEN[\s\S]*asset told/);
  assert.doesNotMatch(stdout + listed.stdout + JSON.stringify(resource), /hunter2/);
  assert.deepEqual(notes(project), [""], "nothing was opened");
  project.write(".env", "");
  const { stdout: lacking } = await project.run(["resource", "show", "till"]);
  assert.match(
    lacking,
    /at +TILL_AT is not set[\s\S]*resources\.till\.at: the environment variable TILL_AT is not set/,
  );
  const unknown = await project.run(["resource", "show", "tilt"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no resource tilt[\s\S]*till/);
});

test("resource show --check opens it, asks for its health and closes it", async (t) => {
  const project = projectWithTill(t);
  const fit = await project.run(["resource", "show", "till", "--check"]);
  assert.equal(fit.code, 0, fit.stderr);
  assert.match(fit.stdout, /health +fit, opened and closed in/);
  assert.deepEqual(notes(project), ["+till at here of main", "-till"]);
  const { code, stderr } = await project.run(["resource", "show", "till", "--check"], { TILL_AT: "nowhere" });
  assert.equal(code, 1);
  assert.match(stderr, /The resource till cannot be used: its check gave false/);
  assert.deepEqual(notes(project).slice(2), ["+till at nowhere of main", "-till"]);
  const locked = await project.run(["resource", "show", "till", "--check"], { TILL_AT: "locked" });
  assert.match(locked.stderr, /its check failed: 401 for \*\*\*/);
  assert.doesNotMatch(locked.stderr, /hunter2/);
});

test("millrace dev takes up another .env, and disposes what the code before it worked with", async (t) => {
  const project = projectWithTill(t);
  const dev = project.start(["dev", "--port", "0"]);
  const [, url = ""] = await dev.printed(/(http:\/\/127\.0\.0\.1:\d+)\b/);
  const at = async (): Promise<unknown> => {
    const answer = await fetch(`${url}/api/where`);
    return answer.status === 200 ? ((await answer.json()) as { at: string }).at : undefined;
  };
  const until = async (wanted: string): Promise<void> => {
    while ((await at()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await until("here");
  project.write(".env", "TILL_AT=elsewhere\nTILL_TOKEN=hunter2-hunter2\n");
  await until("elsewhere");
  dev.kill("SIGINT");
  await dev.ended;
  const said = notes(project);
  assert.deepEqual(said.toSorted(), [
    "+till at elsewhere of main",
    "+till at here of main",
    "-till",
    "-till",
  ]);
});
