import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { loadProject } from "../../src/app/load-project.ts";
import { openProject } from "../../src/app/open-project.ts";
import { materialize } from "../../src/control/runs/materialize.ts";
import { project, run } from "./materialize-process.ts";

/** The environment of a process that works on the project, in a folder of its own. */
async function variablesOf(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "millrace-dead-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "state"));
  await writeFile(join(folder, "orders.csv"), "id,amount\n1,5\n");
  const variables = {
    ...process.env,
    MILLRACE_STATE: join(folder, "state"),
    MILLRACE_DATA: join(folder, "data"),
    ORDERS_FILE: join(folder, "orders.csv"),
  };
  return variables;
}

test("a run whose process is gone does not stand in the way of another selection, and is no longer running (N35)", async (t) => {
  const variables = await variablesOf(t);
  const crashed = await run(variables, "after-write");
  assert.equal(crashed.signal, "SIGKILL", crashed.errors);

  process.env["ORDERS_FILE"] = variables.ORDERS_FILE;
  const open = await openProject(await loadProject(project), { variables });
  t.after(() => open.close());
  const { outcome } = await materialize({ selection: "orders" }, open.context);
  assert.equal(outcome?.status, "success", JSON.stringify(outcome?.failed));
  const runs = await open.context.state.runs.list(open.context.scope, { limit: 10 });
  assert.deepEqual(
    runs.map(({ status }) => status),
    ["success", "canceled"],
  );
  assert.match(runs[1]?.error ?? "", /ended without a word/);
});

test("a step that ends its own process is begun three times, and then fails and says so (N37)", async (t) => {
  const variables = await variablesOf(t);
  for (let time = 1; time <= 3; time += 1)
    assert.equal((await run(variables, "after-write")).signal, "SIGKILL");
  const { result, errors } = await run(variables);
  assert.equal(result?.outcome.status, "failure", errors);
  const [failed] = result.outcome.failed;
  assert.equal(failed?.code, "STEP_INTERRUPTED");
  assert.match(failed.reason, /begun 3 times, and each time its process ended/);
  // It has failed, not been interrupted: asked for again, it begins anew.
  assert.equal((await run(variables)).result?.outcome.status, "success");
});
