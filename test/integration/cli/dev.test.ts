import assert from "node:assert/strict";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { CliProject, type CliProcess } from "./cli-project.ts";

async function startDev(
  project: CliProject,
  env: NodeJS.ProcessEnv = {},
): Promise<{ dev: CliProcess; url: string }> {
  const dev = project.start(["dev", "--port", "0", "--json"], env);
  const [, url = ""] = await dev.printed(/"event":"listening","url":"([^"]+)"/);
  return { dev, url };
}

async function textOf(url: string): Promise<string> {
  return ((await (await fetch(`${url}/api/greeting`)).json()) as { text: string }).text;
}

/** Processes whose parent is this one (Linux). */
function childrenOf(pid: number): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === pid;
      } catch {
        return false;
      }
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `not within 20 s: ${what}`);
    await delay(20);
  }
}

const onLinux = { skip: process.platform === "linux" ? false : "reads /proc" };

suite("millrace dev", { concurrency: 2 }, () => {
  test("the first requests wait for the first load; an edit changes the answer, on the same port", async (t) => {
    const project = new CliProject(t);
    const { dev, url } = await startDev(project);
    assert.equal(await textOf(url), "hello");
    await dev.printed(/"event":"ready"/);
    project.edit("api.ts", '"hello"', '"good morning"');
    await dev.printed(/"event":"ready"/, 2);
    assert.equal(await textOf(url), "good morning");
    assert.match(dev.output, /"event":"changed","files":\["api\.ts"\]/);

    dev.kill("SIGINT");
    const { code, stdout, stderr } = await dev.ended;
    assert.deepEqual([code, stderr], [0, ""]);
    for (const line of stdout.trim().split("\n")) assert.ok("event" in (JSON.parse(line) as object));
  });

  test("a broken edit is told with its place, and the last good version keeps answering", async (t) => {
    const project = new CliProject(t);
    const dev = project.start(["dev", "--port", "0"]);
    const [, url = ""] = await dev.printed(/served at (http:\S+)\/api\n/);
    await dev.printed(/ready in /);
    project.edit("api.ts", "/greeting", "/revenue");
    await dev.printed(/not loaded; the last good version keeps answering/);
    await dev.printed(/ {2}api\.ts:6 {2}ENDPOINT_ROUTE_CLASH {2}.*\n {2}→ Change one of the two routes\./);
    assert.equal(await textOf(url), "hello");
    project.edit("api.ts", '"GET /revenue", {\n  returns', '"GET /greeting", {\n  returns');
    project.edit("api.ts", '"hello"', '"mended"');
    await dev.printed(/reloaded in /);
    await until(async () => (await textOf(url)) === "mended", "the mended version answers");
  });

  test("with nothing good to serve, requests are told why, until it is mended", async (t) => {
    const project = new CliProject(t);
    project.edit("api.ts", "/greeting", "/revenue");
    const { dev, url } = await startDev(project);
    const answer = await fetch(`${url}/api/greeting`);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    const problem = (await answer.json()) as { code: string; detail: string };
    assert.equal(problem.code, "DEV_NOT_READY");
    assert.match(problem.detail, /same route as the one at .*api\.ts:13 \(.*api\.ts:6\)/);
    project.edit("api.ts", '"GET /revenue", {\n  returns', '"GET /greeting", {\n  returns');
    await dev.printed(/"event":"ready"/);
    assert.equal(await textOf(url), "hello");
  });

  test("a request at work is answered by the version that took it, after a newer one has taken over", async (t) => {
    const project = new CliProject(t);
    const { dev, url } = await startDev(project);
    await textOf(url);
    const slow = fetch(`${url}/api/slow/3000`);
    await delay(100);
    project.edit("api.ts", '"hello"', '"newer"');
    await dev.printed(/"event":"ready"/, 2);
    assert.equal(await textOf(url), "newer");
    assert.deepEqual(await (await slow).json(), { waited: 3000 });
  });

  test("headers, status and validators pass unchanged", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    const { url } = await startDev(project);
    const answer = await fetch(`${url}/api/revenue`, { headers: { accept: "text/csv" } });
    assert.match(answer.headers.get("content-type") ?? "", /^text\/csv/);
    assert.match(await answer.text(), /^thing,revenue\r?\napple,45\r?\npear,42\r?\n$/);
    const json = await fetch(`${url}/api/revenue`);
    const etag = json.headers.get("etag") ?? "";
    assert.match(etag, /^"/);
    const known = await fetch(`${url}/api/revenue`, { headers: { "if-none-match": etag } });
    assert.deepEqual([known.status, await known.text()], [304, ""]);
    const head = await fetch(`${url}/api/revenue`, { method: "HEAD" });
    assert.deepEqual(
      [head.status, head.headers.get("content-length")],
      [200, json.headers.get("content-length")],
    );
    assert.equal((await fetch(`${url}/api/nothing`)).status, 404);
  });

  test("bodies pass as they are sent, whole or piece by piece", async (t) => {
    const project = new CliProject(t);
    const { url } = await startDev(project);
    const text = "ü".repeat(200_000);
    const whole = JSON.stringify({ text });
    const pieces = new Blob([whole]).stream();
    for (const body of [whole, pieces]) {
      const answer = await fetch(`${url}/api/echo`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        duplex: "half",
      });
      assert.deepEqual(await answer.json(), { text });
    }
  });

  test("a client that leaves ends the request in the API process", async (t) => {
    const project = new CliProject(t);
    const { dev, url } = await startDev(project);
    await textOf(url);
    const leaving = request(`${url}/api/slow/9000`);
    leaving.on("error", () => undefined);
    leaving.end();
    await delay(200);
    leaving.destroy();
    await dev.printed(/slow: the client left/);
  });

  test("a crash is told and started again; the request that met it is answered with 502", async (t) => {
    const project = new CliProject(t);
    const { dev, url } = await startDev(project);
    await textOf(url);
    const answer = await fetch(`${url}/api/crash`, { method: "POST" });
    assert.equal(answer.status, 502);
    assert.equal(((await answer.json()) as { code: string }).code, "API_PROCESS_ENDED");
    await dev.printed(/"event":"crashed","reason":"ended with code 3"/);
    assert.equal(await textOf(url), "hello");
  });

  test("what crashed is started again by the code that was served, though a broken edit lies on disk (N9)", async (t) => {
    const project = new CliProject(t);
    const { dev, url } = await startDev(project);
    await textOf(url);
    project.edit("api.ts", '"hello"', '"half');
    await dev.printed(/"event":"failed"/);
    await fetch(`${url}/api/crash`, { method: "POST" });
    await dev.printed(/"event":"crashed","reason":"ended with code 3"/);
    assert.equal(await textOf(url), "hello");
    project.edit("api.ts", '"half', '"good day"');
    await dev.printed(/"event":"ready"/, 3);
    assert.equal(await textOf(url), "good day");
  });

  test("changes that are no code, or none of the project's, load nothing", async (t) => {
    const project = new CliProject(t);
    const { dev, url } = await startDev(project);
    await textOf(url);
    project.write("notes.md", "x");
    project.write(".hidden.ts", "x");
    await project.json("materialize", "*");
    await delay(500);
    assert.equal(dev.output.match(/"event":"changed"/g), null);
    assert.equal(((await (await fetch(`${url}/api/revenue`)).json()) as unknown[]).length, 2);
  });

  test("listens wider only with tokens, which it asks of every request", async (t) => {
    const project = new CliProject(t);
    const refused = await project.run(["dev", "--host", "0.0.0.0", "--port", "0"]);
    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.match(
      refused.stderr,
      /Listening on 0\.0\.0\.0 without authentication is refused\n {2}→ Set MILLRACE_TOKENS/,
    );

    const dev = project.start(["dev", "--host", "0.0.0.0", "--port", "0", "--json"], {
      MILLRACE_TOKENS: "ann:s3cret",
    });
    const [, shown = ""] = await dev.printed(/"event":"listening","url":"([^"]+)"/);
    const url = shown.replace("0.0.0.0", "127.0.0.1");
    assert.equal((await fetch(`${url}/api/greeting`)).status, 401);
    const headers = { authorization: "Bearer s3cret" };
    assert.equal((await fetch(`${url}/api/greeting`, { headers })).status, 200);
    assert.ok(!dev.output.includes("s3cret"));
  });

  test("neither a process nor a socket outlives it, however it ends", onLinux, async (t) => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      for (const busy of [true, false]) {
        const project = new CliProject(t);
        // User code that never gives the thread back notices nothing by itself.
        if (busy) project.edit("api.ts", "await sleep(params.ms)", "if (params.ms === 1) for (;;);");
        const temporary = mkdtempSync(join(tmpdir(), "millrace-cli-tmp-"));
        t.after(() => rmSync(temporary, { recursive: true, force: true }));
        const sockets = (): string[] => globSync("millrace-*/*.sock", { cwd: temporary });
        const folders = (): string[] => globSync("millrace-*", { cwd: temporary });
        const { dev, url } = await startDev(project, { TMPDIR: temporary });
        await textOf(url);
        assert.equal(sockets().length, 1);
        const children = childrenOf(dev.pid);
        assert.equal(children.length, 1);
        if (busy) {
          fetch(`${url}/api/slow/1`).catch(() => undefined);
          await delay(200);
        }
        dev.kill(signal);
        await dev.ended;
        const how = `after ${signal}${busy ? ", with a busy child" : ""}`;
        await until(() => !children.some(isAlive), `the children end ${how}`);
        assert.deepEqual(folders(), [], how);
      }
    }
  });
});
