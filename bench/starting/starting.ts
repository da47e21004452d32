import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { compared } from "../compared.ts";
import type { Figure } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild } from "../measure/run-child.ts";
import { example, millrace } from "../millrace-command.ts";
import { ServerProcess } from "../serving/server-process.ts";

export const starting: Figure = {
  name: "starting",
  title: "Starting: whole processes of the command line on the example, beside a Node that does nothing",
  async measure({ quick, work }) {
    const folder = work.fresh();
    const env = { MILLRACE_STATE: join(folder, "state"), MILLRACE_DATA: join(folder, "data") };
    await runChild(millrace, ["materialize", "*"], { cwd: example, env });
    const measured = await interleave(quick ? 3 : 15, {
      nothing: () => wholeProcess(["-e", "0"], {}),
      help: () => wholeProcess([millrace, "--help"], env),
      ls: () => wholeProcess([millrace, "ls"], env),
      serve: () => untilReady(env),
    });
    const { nothing } = measured;
    return [
      compared({ what: "millrace --help", unit: "ms" }, measured.help, nothing),
      compared({ what: "millrace ls", unit: "ms" }, measured.ls, nothing),
      compared(
        { what: "millrace serve, until it is ready", unit: "ms", budget: { of: "ours", most: 1000 } },
        measured.serve,
        nothing,
      ),
    ];
  },
};

async function wholeProcess(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: example,
    stdio: "ignore",
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${String(code)}`);
  return performance.now() - started;
}

async function untilReady(env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  await using server = await ServerProcess.start(millrace, ["serve", "--port", "0", "--json"], {
    cwd: example,
    env,
  });
  const { ok } = await fetch(`${server.url}/readyz`);
  if (!ok) throw new Error("it serves and is not ready");
  return performance.now() - started;
}
