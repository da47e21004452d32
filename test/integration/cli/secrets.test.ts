import assert from "node:assert/strict";
import { globSync, readFileSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { suite, test } from "node:test";
import { Client } from "pg";
import { secretForms } from "../../../src/core/config/secret-forms.ts";
import { testDatabase } from "../../postgres-server.ts";
import { CliProject, type Ended } from "./cli-project.ts";

/** With what has to be escaped in JSON and in addresses. */
const secrets = {
  "from the environment": 'hunter2 "quoted" & a/slash, ü: 9f8e7d',
  "written out": "plain-written-out-secret+1",
};
const [fromOutside, writtenOut] = Object.values(secrets);

/** Each tries to tell its secrets in another way. */
const assets = `
const config = z.object({ outside: secret(), written: secret().optional(), nested: z.array(z.object({ key: secret() })).default([]) });
let stolen = "";
export const loud = asset("loud", {
  value: z.int(),
  config,
  retry: { max: 1, delay: "1ms" },
  run: async (_, { config, log, metadata, attempt, checkpoint }) => {
    stolen = config.outside;
    const basic = "Basic " + Buffer.from("me:" + config.outside).toString("base64");
    log.info("using " + config.outside + " and " + config.written, { basic, [stolen]: { deep: [config.written] } });
    log.error(JSON.stringify({ again: JSON.stringify(config) }));
    metadata({
      token: config.outside,
      link: meta.url("https://x.example/?t=" + encodeURIComponent(config.outside)),
      rows: meta.table([{ seen: config.written }]),
      form: new URLSearchParams(config).toString(),
    });
    if (attempt === 1) throw new Error("refused: " + JSON.stringify(config));
    return 1;
  },
});
export const thrown = asset("thrown", {
  value: z.int(),
  config,
  run: (_, { config }) => {
    throw new Error("bad " + config.outside, { cause: config.written });
  },
});
export const passedOver = asset("passed_over", { value: z.int(), config, run: (_, { config }) => skip("no " + config.outside) });
export const rejected = asset("rejected", { value: z.int(), config, run: (_, { config }) => ((stolen = config.outside), 1) });
export const suspicious = assetCheck("suspicious", {
  asset: rejected,
  run: (_, { metadata, log }) => {
    log.warn(stolen);
    metadata({ stolen });
    return { passed: false, description: "it knows " + stolen, metadata: { again: [stolen] } };
  },
});
export const broken = assetCheck("broken", { asset: loud, blocking: false, run: () => { throw new Error(stolen); } });
export const kept = asset("kept", { value: z.unknown(), config, run: (_, { config }) => ({ config }) });
export const reached = asset("reached", {
  value: z.int(),
  config,
  run: async (_, { config, checkpoint }) => { await checkpoint("login", () => ({ session: btoa(config.written) })); return 1; },
});
export const typed = asset("typed", { columns: z.object({ n: z.int() }), config, run: (_, { config }) => [{ n: config.outside }] });
`;
/** The same by ways that only jobs have. */
const jobs = `
const text = z.object({ text: z.string() });
const giving = op("giving", { input: text, output: z.unknown(), run: ({ input }) => ({ deep: [input.text] }) });
const telling = op("telling", {
  input: text,
  retry: { max: 1, delay: "1ms" },
  hooks: { onFailure: ({ error, log }) => { log.warn("hook heard " + error.message); throw new Error("hook: " + error.message); } },
  run: ({ input }, { log }) => { log.info("op tells " + input.text); throw new Error("op failed with " + input.text); },
});
const passing = op("passing", { input: text, run: ({ input }) => skip("op passes " + input.text) });
const configured = op("configured", { config: z.object({ token: secret() }), output: z.string(), run: (_, { config, log }) => { log.info("op has " + config.token); return "fine"; } });
const items = op("items", { input: text, output: z.array(z.string()), run: () => ["a"] });
const strict = op("strict", { input: z.object({ text: z.string().max(3) }), run: () => undefined });
const choosing = op("choosing", { input: text, output: z.string(), run: () => "a" });
export const leaking = job("leaking", {
  config: z.object({ outside: secret(), written: secret() }),
  graph({ config, map, match }) {
    giving({ text: config.outside });
    telling({ text: config.outside });
    passing({ text: config.written });
    strict({ text: config.outside });
    configured();
    map([config.written], (key) => items({ text: key }), { key: (key) => key });
    match(config.outside, { a: () => 1 });
  },
});
export const revealing = job("revealing", {
  config: z.object({ outside: secret() }),
  graph: ({ config }) => ({ outside: config.outside, fine: configured() }),
});
`;
const names = ["loud", "thrown", "passed_over", "rejected", "kept", "reached", "typed"];

const databases = {
  SQLite: async () => ({ env: {}, dump: dumpOfSqlite }),
  PostgreSQL: async (t: { readonly name: string }) => {
    const url = await testDatabase(t);
    return { env: { MILLRACE_STATE: url }, dump: () => dumpOfPostgres(url) };
  },
};

suite("secrets", { concurrency: 2 }, () => {
  for (const [name, open] of Object.entries(databases)) {
    test(
      `of a run's config are told nowhere, however code tries, with state in ${name}`,
      { timeout: 120_000 },
      async (t) => {
        const { env: state, dump } = await open(t);
        const env = { ...state, SECRET_OF_TEST: fromOutside, MILLRACE_LOG: "debug" };
        const project = new CliProject(t);
        project.edit(
          "assets.ts",
          "import { asset, check,",
          "import { asset, assetCheck, check, job, meta, op, secret, skip,",
        );
        project.write("assets.ts", `${project.read("assets.ts")}${assets}${jobs}`);
        const outputs: Ended[] = [];
        const run = async (...args: readonly string[]): Promise<Ended> => {
          const ended = await project.run(args, env);
          outputs.push(ended);
          return ended;
        };
        const given = (key: string) => [
          "--config",
          JSON.stringify({ assets: { [key]: { outside: { $env: "SECRET_OF_TEST" } } } }),
          "--set",
          `assets.${key}.written=${writtenOut}`,
          "--set",
          `assets.${key}.nested[0].key=${writtenOut}`,
        ];
        const all = names.flatMap(given);
        const told = await run("materialize", names.join(" "), ...all);
        assert.equal(told.code, 1, told.stderr);
        const asJson = await run("materialize", names.join(" "), ...all, "--new", "--json");
        const { runId } = JSON.parse(asJson.stdout) as { readonly runId: string };
        await run("materialize", "loud", ...given("loud"), "--explain");
        const ofJob = [
          "--config",
          JSON.stringify({
            config: { outside: { $env: "SECRET_OF_TEST" }, written: writtenOut },
            ops: { configured: { token: { $env: "SECRET_OF_TEST" } } },
          }),
        ];
        const ran = await run("run", "leaking", ...ofJob);
        assert.equal(ran.code, 1, ran.stderr);
        const leaked = await run("run", "leaking", ...ofJob, "--new", "--json");
        const { runId: leakedRun } = JSON.parse(leaked.stdout) as { readonly runId: string };
        await run("run", "leaking", ...ofJob, "--explain");
        for (const how of [[], ["--new", "--json"]]) {
          const ended = await run(
            "run",
            "revealing",
            "--config",
            JSON.stringify({
              config: { outside: { $env: "SECRET_OF_TEST" } },
              ops: { configured: { token: { $env: "SECRET_OF_TEST" } } },
            }),
            ...how,
          );
          assert.equal(ended.code, 0, ended.stderr);
        }
        await run("runs", "show", leakedRun);
        await run("runs", "show", leakedRun, "--json");
        await run("job", "show", "leaking", "--json");
        // Mistakes are told without what was given.
        const wrong = await run(
          "materialize",
          "loud",
          "--set",
          `assets.loud.outside=[${writtenOut}]`,
          "--json",
        );
        assert.match(wrong.stderr, /CONFIG_INVALID/);
        await run("materialize", "loud", "--set", `assets.loud.outside=@${writtenOut}`);
        await run("materialize", "loud", "--config", `{"assets": {"loud": ${JSON.stringify(writtenOut)}x}}`);
        await run("runs", "show", runId);
        await run("runs", "show", runId, "--json");
        await run("runs", "ls", "--json");
        await run("events", "--json");
        await run("checks", "ls", "--json");
        await run("checks", "show", "rejected", "suspicious", "--json");
        for (const asset of names) {
          await run("show", asset);
          await run("versions", asset, "--json");
        }
        const text = outputs.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join("\n");
        // The ways were really gone: what stands around the secrets is there.
        for (const trace of [
          "using ***",
          "bad ***",
          "no ***",
          "it knows ***",
          "refused: ",
          "SECRET_IN_VALUE",
          "op tells ***",
          "op failed with ***",
          "op has ***",
          "op passes ***",
          "hook heard ",
        ])
          assert.ok(text.includes(trace), `${trace} is not in the output`);
        const tables = await dump(project);
        for (const trace of [
          "using ***",
          "bad ***",
          "no ***",
          "it knows ***",
          "refused: ",
          "op failed with ***",
          "SECRET_OF_TEST",
        ])
          assert.ok(tables.includes(trace), `${trace} is not in the tables`);
        const files = globSync("**/*", { cwd: project.path(".millrace") }).map((file) =>
          project.path(`.millrace/${file}`),
        );
        assert.ok(files.length > 3, `only ${files.length} files`);
        const contents = files.flatMap((file) =>
          statSync(file).isFile() ? [[file, readFileSync(file)] as const] : [],
        );
        for (const [kind, secret] of Object.entries(secrets)) {
          for (const form of [...secretForms(secret), secret.slice(0, 12)]) {
            assert.ok(
              !text.includes(form),
              `the secret ${kind} is printed as ${form}: ${around(text, form)}`,
            );
            assert.ok(
              !tables.includes(form),
              `the secret ${kind} is in state as ${form}: ${around(tables, form)}`,
            );
            for (const [file, bytes] of contents)
              assert.ok(!bytes.includes(form), `the secret ${kind} is in ${file} as ${form}`);
          }
        }
      },
    );
  }
});

function around(text: string, form: string): string {
  const at = text.indexOf(form);
  return text.slice(Math.max(0, at - 100), at + form.length + 40);
}

/** Every row of every table, as text. */
async function dumpOfSqlite(project: CliProject): Promise<string> {
  using database = new DatabaseSync(project.path(".millrace/state.db"), { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  assert.ok(tables.length > 20, `only ${tables.length} tables`);
  return tables
    .flatMap(({ name }) => database.prepare(`select * from "${String(name)}"`).all())
    .map((row) => Object.values(row).map(String).join("\n"))
    .join("\n");
}

async function dumpOfPostgres(url: string): Promise<string> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    assert.ok(tables.length > 20, `only ${tables.length} tables`);
    const dumps: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from "${name}"`);
      dumps.push(...rows.map((row) => Object.values(row).map(String).join("\n")));
    }
    return dumps.join("\n");
  } finally {
    await client.end();
  }
}
