import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { suite, test } from "node:test";
import { CliProject, type CliProcess } from "./cli-project.ts";

/** Where it serves, from what it prints. */
async function urlOf(server: CliProcess): Promise<string> {
  return (await server.printed(/served at (http:\/\/[\d.]+:\d+)\/api/))[1] ?? "";
}

suite("millrace serve", { concurrency: 2 }, () => {
  test("prints where it serves, its docs and its endpoints, and ends with 0 when asked to", async (t) => {
    const project = new CliProject(t);
    await project.json("materialize", "*");
    const server = project.start(["serve", "--port", "0"]);
    const url = await urlOf(server);
    await server.printed(/\/api\/slow\/:ms/);
    assert.ok(server.output.includes(`  docs   ${url}/api/docs\n`), server.output);
    assert.ok(server.output.includes(`  GET    ${url}/api/revenue\n`));
    const answer = await fetch(`${url}/api/revenue`);
    assert.deepEqual(await answer.json(), [
      { thing: "apple", revenue: 45 },
      { thing: "pear", revenue: 42 },
    ]);
    server.kill("SIGTERM");
    const { code, stdout } = await server.ended;
    assert.equal(code, 0);
    assert.match(stdout, /^ending: requests at work are answered/m);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${signal} lets a request at work finish, and takes no new one`, async (t) => {
      const project = new CliProject(t);
      const server = project.start(["serve", "--port", "0"]);
      const url = await urlOf(server);
      const running = fetch(`${url}/api/slow/1000`);
      await fetch(`${url}/api/greeting`);
      server.kill(signal);
      await server.printed(/^ending/m);
      const late = await fetch(`${url}/api/greeting`).then(
        (answer) => answer.status,
        () => "refused",
      );
      assert.ok(late === "refused" || late === 503, String(late));
      assert.deepEqual(await (await running).json(), { waited: 1000 });
      assert.equal((await server.ended).code, 0);
    });
  }

  test("a second Ctrl-C ends it at once", async (t) => {
    const project = new CliProject(t);
    const server = project.start(["serve", "--port", "0"]);
    const url = await urlOf(server);
    const running = fetch(`${url}/api/slow/9000`);
    running.catch(() => undefined);
    await fetch(`${url}/api/greeting`);
    server.kill("SIGINT");
    await server.printed(/^ending/m);
    server.kill("SIGINT");
    assert.equal((await server.ended).code, 130);
    await assert.rejects(running);
  });

  test("with --json it tells the same as data", async (t) => {
    const project = new CliProject(t);
    const server = project.start(["serve", "--json"], { PORT: "0" });
    await server.printed(/^\}\n/m);
    const told = JSON.parse(server.output) as {
      url: string;
      docs: string;
      endpoints: { route: string; name: string }[];
    };
    assert.equal(told.docs, `${told.url}/api/docs`);
    assert.ok(told.endpoints.some(({ route, name }) => route === "GET /revenue" && name === "revenues"));
    assert.equal((await fetch(`${told.url}/healthz`)).status, 200);
    server.kill("SIGTERM");
    const { code, stderr } = await server.ended;
    assert.deepEqual([code, stderr], [0, ""]);
  });

  test("tokens from the environment are asked of every request, and allow a wider address", async (t) => {
    const project = new CliProject(t);
    const refused = await project.run(["serve", "--host", "0.0.0.0", "--port", "0"]);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /Listening on 0\.0\.0\.0 without authentication is refused\n {2}→ Set MILLRACE_TOKENS/,
    );

    const server = project.start(["serve", "--host", "0.0.0.0", "--port", "0"], {
      MILLRACE_TOKENS: "ann:s3cret",
    });
    const url = (await urlOf(server)).replace("0.0.0.0", "127.0.0.1");
    assert.equal((await fetch(`${url}/api/greeting`)).status, 401);
    const answer = await fetch(`${url}/api/greeting`, { headers: { authorization: "Bearer s3cret" } });
    assert.equal(answer.status, 200);
    assert.ok(!server.output.includes("s3cret"));
  });

  test("a port that is taken, or none at all, is told", async (t) => {
    const project = new CliProject(t);
    const other = createServer().listen(0, "127.0.0.1");
    t.after(() => other.close());
    await once(other, "listening");
    const address = other.address();
    assert.ok(typeof address === "object" && address !== null);
    const taken = await project.run(["serve", "--port", String(address.port)]);
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /is in use\n {2}→ Stop what listens there, or choose another with --port/);
    for (const port of ["99999", "http", "-1"]) {
      const { code, stderr } = await project.run(["serve", `--port=${port}`]);
      assert.deepEqual([code, /is no port/.test(stderr)], [2, true], stderr);
    }
  });
});
