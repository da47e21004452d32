import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { firstFile } from "../../src/core/catalog/version.ts";
import { compared } from "../compared.ts";
import type { Effort, Figure, Row } from "../figure.ts";
import { interleave } from "../measure/interleave.ts";
import { runChild } from "../measure/run-child.ts";
import { example, millrace } from "../millrace-command.ts";
import { currentParts, openExample } from "./open-example.ts";
import { delaysPath } from "./request.ts";
import { ServerProcess } from "./server-process.ts";

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const serving: Figure = {
  name: "serving",
  title: "Serving: GET /api/airports/:iata/delays, a month of one airport",
  async measure(effort) {
    const folder = effort.work.fresh();
    const env = { MILLRACE_STATE: join(folder, "state"), MILLRACE_DATA: join(folder, "data") };
    await runChild(millrace, ["materialize", "*"], { cwd: example, env });
    const file = await dailyDelaysFile(env);
    return [...(await engineRows(effort, env, file)), ...(await httpRows(effort, env, file))];
  },
};

/** Where the endpoint's table lies, for whoever reads it without Millrace. */
async function dailyDelaysFile(env: NodeJS.ProcessEnv): Promise<string> {
  const open = await openExample(env);
  try {
    const [part] = await currentParts(open, "daily_delays");
    const file = firstFile(part?.version.location);
    if (file === undefined) throw new Error("daily_delays has no file");
    return join(open.data, file);
  } finally {
    await open.close();
  }
}

type Pair = Readonly<Record<"ours" | "bare", readonly number[]>>;

async function engineRows({ quick }: Effort, env: NodeJS.ProcessEnv, file: string): Promise<readonly Row[]> {
  const args = [quick ? "3" : "11", quick ? "300" : "500", file];
  const { result } = await runChild<Record<string, Pair>>(script("./engine-pair.ts"), args, { env });
  return Object.entries(result).map(([askers, { ours, bare }]) =>
    compared(
      { what: `engine work alone, ${askers} at once`, unit: "µs", budget: { of: "ratio", most: 1.3 } },
      ours,
      bare,
    ),
  );
}

async function httpRows({ quick }: Effort, env: NodeJS.ProcessEnv, file: string): Promise<readonly Row[]> {
  await using ours = await ServerProcess.start(millrace, ["serve", "--port", "0", "--json"], {
    cwd: example,
    env,
  });
  await using bare = await ServerProcess.start(script("./bare-server.ts"), [file]);
  const tag = (await fetch(ours.url + delaysPath)).headers.get("etag") ?? "";
  const [rounds, milliseconds] = quick ? [2, 500] : [5, 1500];
  const load = async (server: ServerProcess, path: string, connections: number, ...entityTag: string[]) => {
    const args = [server.url, path, String(connections), String(milliseconds), ...entityTag];
    const { result } = await runChild<{ perSecond: number }>(script("./load.ts"), args);
    return result.perSecond;
  };
  const rows: Row[] = [];
  for (const connections of [1, 8, 64]) {
    const measured = await interleave(rounds, {
      ours: () => load(ours, delaysPath, connections),
      bare: () => load(bare, delaysPath, connections),
    });
    const what = `over HTTP, ${of(connections)}`;
    rows.push(compared({ what, unit: "req/s" }, measured.ours, measured.bare));
  }
  for (const connections of [1, 8, 64]) {
    const measured = await interleave(rounds, {
      ours: () => load(ours, delaysPath, connections, tag),
      bare: () => load(bare, "/constant", connections),
    });
    const what = `304 beside a constant, ${of(connections)}`;
    const budget = { of: "ratio", least: 0.8 } as const;
    rows.push(compared({ what, unit: "req/s", budget }, measured.ours, measured.bare));
  }
  return rows;
}

const of = (connections: number): string =>
  connections === 1 ? "1 connection" : `${connections} connections`;
