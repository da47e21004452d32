import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { CliProject } from "./cli-project.ts";

interface Listing {
  readonly environment: string;
  readonly snapshot: number;
  readonly assets: readonly { readonly key: string; readonly dataVersion?: string }[];
}
interface Details {
  readonly environment: { readonly own: readonly { readonly key: string; readonly partitions: number }[] };
}

const total = `
import { asset, endpoint, sql } from "millrace";
import * as z from "zod";
import { revenue } from "./assets.ts";

export const total = asset("total", {
  columns: z.object({ revenue: z.int() }),
  sql: sql\`select sum(revenue) as revenue from \${revenue}\`,
});

export const totals = endpoint("GET /total", {
  returns: z.array(z.object({ revenue: z.int() })),
  reads: { total },
  handler: ({ total }) => sql\`select revenue from \${total}\`,
});
`;

function projectWithTotal(t: TestContext): CliProject {
  const project = new CliProject(t);
  project.write("total.ts", total);
  project.edit(
    "millrace.config.ts",
    "import * as assets",
    'import * as total from "./total.ts";\nimport * as assets',
  );
  project.edit("millrace.config.ts", "[assets, api]", "[assets, api, total]");
  return project;
}

suite("millrace env", { concurrency: 2 }, () => {
  test("what changes in an environment is rebuilt and served there, and seen nowhere else (N11)", async (t) => {
    const project = projectWithTotal(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    const before = await project.json<Listing>("ls");
    const made = await project.run(["env", "create", "pr-7"]);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^made pr-7, which shows main@1 and copies nothing$/m);
    assert.equal(
      (await project.run(["--env", "pr-7", "materialize", "*", "--stale"])).stdout,
      "nothing to do: 5 fresh\n",
    );

    project.edit("total.ts", "sum(revenue)", "sum(revenue) + 1");
    const rebuilt = await project.run(["materialize", "*", "--stale"], { MILLRACE_ENV: "pr-7" });
    assert.equal(rebuilt.code, 0, rebuilt.stderr);
    assert.equal(project.read("ran.log").trim().split("\n").length, 3, "no month is made again");
    const shown = await project.json<Details>("env", "show", "pr-7");
    assert.deepEqual(shown.environment.own, [{ key: "total", partitions: 1, hidden: 0 }]);
    const inside = await project.json<Listing>("--env", "pr-7", "ls");
    assert.deepEqual([inside.environment, inside.snapshot], ["pr-7", 2]);
    const after = await project.json<Listing>("ls");
    assert.deepEqual([after.environment, after.snapshot], ["main", before.snapshot]);

    const revenue = async (...env: string[]): Promise<[string, unknown]> => {
      const server = project.start([...env, "serve", "--port", "0", "--json"]);
      const [, url = ""] = await server.printed(/"url": "([^"]+)"/);
      const response = await fetch(`${url}/api/total`);
      const token = response.headers.get("millrace-snapshot") ?? "";
      const body: unknown = await response.json();
      server.kill("SIGTERM");
      await server.ended;
      return [token.split("@")[0] ?? "", body];
    };
    const [here, there] = [await revenue(), await revenue("--env", "pr-7")];
    assert.deepEqual([here[0], there[0]], ["main", "pr-7"]);
    assert.notDeepEqual(here[1], there[1]);

    const dropped = await project.run(["env", "drop", "pr-7"]);
    assert.match(dropped.stdout, /^dropped pr-7; what only it needed of 1 asset goes with millrace gc$/m);
    const gone = await project.run(["--env", "pr-7", "ls"]);
    assert.notEqual(gone.code, 0);
    assert.match(gone.stderr, /There is no environment pr-7/);
    assert.equal((await project.run(["gc"])).code, 0);
    assert.deepEqual((await revenue())[1], here[1]);
  });

  test("environments are listed and bad names, bases and drops refused, each with one clear error (N11)", async (t) => {
    const project = new CliProject(t);
    const refused = async (args: readonly string[], text: RegExp): Promise<void> => {
      const { code, stderr } = await project.run(args);
      assert.notEqual(code, 0);
      assert.match(stderr, text);
    };
    assert.equal((await project.run(["env", "create", "pr-7"])).code, 0);
    assert.equal((await project.run(["env", "create", "pr-8", "--from", "pr-7"])).code, 0);
    assert.match((await project.run(["env", "ls"])).stdout, /pr-8 +pr-7@0/);
    await refused(["env", "create", "a b"], /no name for an environment/);
    await refused(["env", "create", "pr-7"], /There is an environment pr-7 already/);
    await refused(["env", "create", "pr-9", "--at", "7"], /There is no snapshot 7/);
    await refused(["env", "drop", "pr-7"], /based on it: pr-8/);
    await refused(["env", "drop", "main"], /the project began with/);
    await refused(["ls", "--env", "pr-77"], /There is no environment pr-77/);
  });

  test("changed: selects what is defined otherwise than in the base, whatever was made in the environment since", async (t) => {
    const project = projectWithTotal(t);
    assert.equal((await project.run(["materialize", "*"])).code, 0);
    assert.equal((await project.run(["env", "create", "pr-7"])).code, 0);
    const keys = async (selection: string, ...env: string[]): Promise<readonly string[]> =>
      (await project.json<Listing>(...env, "ls", selection)).assets.map(({ key }) => key);
    assert.deepEqual(await keys("changed:*", "--env", "pr-7"), []);

    project.edit("total.ts", "sum(revenue)", "sum(revenue) + 1");
    project.edit(
      "total.ts",
      "export const totals",
      'export const mean = asset("mean", {\n  columns: z.object({ mean: z.number() }),\n' +
        "  sql: sql`select avg(revenue) as mean from ${revenue}`,\n});\n\nexport const totals",
    );
    for (const made of [false, true]) {
      assert.deepEqual(await keys("changed:code", "--env", "pr-7"), ["total"], `made: ${made}`);
      assert.deepEqual(await keys("changed:new", "--env", "pr-7"), ["mean"]);
      assert.deepEqual(await keys("changed:* and not changed:code", "--env", "pr-7"), ["mean"]);
      assert.equal((await project.run(["--env", "pr-7", "materialize", "*", "--stale"])).code, 0);
    }
    // In main nothing was made of it yet, so there the comparison is with what is current.
    assert.deepEqual(await keys("changed:*"), ["mean", "total"]);
    assert.equal((await project.run(["materialize", "changed:*"])).code, 0);
    assert.deepEqual(await keys("changed:*"), []);

    project.edit(
      "total.ts",
      "from ${revenue}`,\n});\n\nexport const mean",
      "from ${orders}`,\n});\n\nexport const mean",
    );
    project.edit("total.ts", "import { revenue }", "import { orders, revenue }");
    project.edit("total.ts", "sum(revenue) + 1", "count(*)");
    assert.deepEqual(await keys("changed:inputs"), ["total"]);
  });
});
