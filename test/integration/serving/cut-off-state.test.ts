import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { suite, test } from "node:test";
import { testDatabase } from "../../postgres-server.ts";
import { wayTo } from "../../postgres/way-to.ts";
import { CliProcess } from "../cli/cli-project.ts";
import { projectFolder } from "../load/project-folder.ts";

/** Half of this is the longest that a server may answer from what it knew last. */
const graceMs = 5_000;
const longestBlindMs = graceMs / 2;

const config = `import { asset, defineProject, endpoint, sql } from "millrace";
import * as z from "zod";

const Row = z.object({ n: z.int() });
const numbers = asset("numbers", { columns: Row, sql: sql\`select 7 as n\` });
const all = endpoint("GET /all", {
  reads: { numbers },
  returns: z.array(Row),
  timeLimit: "1s",
  handler: ({ numbers }) => sql\`select n from \${numbers}\`,
});
export default defineProject({ name: "cut_off", grace: "${graceMs / 1000}s", definitions: [{ numbers, all }] });
`;

suite("a server that is cut off from state", { concurrency: 2 }, () => {
  for (const how of ["refused", "silent"] as const) {
    test(`answers from what it knew, and says so, for half the grace and no longer: connections are ${how} (N18, N29)`, async (t) => {
      const way = await wayTo(t, await testDatabase(t));
      const folder = projectFolder(t, { "millrace.config.ts": config }, "cut-off");
      const command = (...args: readonly string[]): CliProcess => {
        const started = new CliProcess(args, folder, { MILLRACE_STATE: way.url });
        t.after(() => started.kill("SIGKILL"));
        return started;
      };
      const made = await command("materialize", "*").ended;
      assert.equal(made.code, 0, made.stderr);
      const server = command("serve", "--port", "0");
      const [, url = ""] = await server.printed(/served at (http:\/\/[\d.]+:\d+)\/api/);
      const ask = async (): Promise<{ status: number; unconfirmed: boolean; body: unknown }> => {
        const answer = await fetch(`${url}/api/all`, { signal: AbortSignal.timeout(20_000) });
        const unconfirmed = answer.headers.get("millrace-unconfirmed") !== null;
        return { status: answer.status, unconfirmed, body: await answer.json() };
      };
      assert.deepEqual(await ask(), { status: 200, unconfirmed: false, body: [{ n: 7 }] });

      way.cut(how);
      const since = performance.now();
      const answers: { at: number; status: number }[] = [];
      while (performance.now() - since < longestBlindMs + 1_500) {
        const at = performance.now() - since;
        // Two, one after the other: the later one waits for what the earlier one has asked.
        const earlier = ask();
        await delay(20);
        const [, { status, unconfirmed, body }] = await Promise.all([earlier, ask()]);
        answers.push({ at, status });
        if (status === 200) {
          assert.ok(unconfirmed, `asked after ${at} ms it says that this is what it knew last`);
          assert.deepEqual(body, [{ n: 7 }]);
        } else {
          assert.equal(status, 503);
          assert.equal((body as { code: string }).code, "STATE_UNAVAILABLE");
        }
        await delay(50);
      }
      assert.equal(answers[0]?.status, 200, "it is bridged at first");
      const late = answers.filter(({ at, status }) => status === 200 && at > longestBlindMs);
      assert.deepEqual(late, [], "nothing is answered once what is read may be removed");
      assert.equal(answers.at(-1)?.status, 503);

      way.mend();
      way.drop();
      const until = performance.now() + 15_000;
      while ((await ask()).status !== 200) {
        assert.ok(performance.now() < until, "it answers again once state does");
        await delay(100);
      }
      assert.equal((await ask()).unconfirmed, false);
    });
  }
});
