/**
 * The endpoint's engine work and the bare driver's in turn, in one process, without HTTP:
 * `engine-pair.ts <rounds> <requests> <Parquet file>`. Gives microseconds of each request, for 1, 8 and 64 askers at once.
 */
import { openReading } from "../../src/app/open-reading.ts";
import { columnsOf } from "../../src/core/column/columns-of.ts";
import { SqlTree } from "../../src/core/sql/sql-tree.ts";
import { statementOver } from "../../src/serving/answer.ts";
import { giveResult } from "../measure/give-result.ts";
import { interleave } from "../measure/interleave.ts";
import { BareDelays } from "./bare-delays.ts";
import { currentParts, openExample } from "./open-example.ts";
import { delaysRequest } from "./request.ts";

const [rounds = 0, requests = 0] = process.argv.slice(2, 4).map(Number);
const bare = await BareDelays.open(process.argv[4] ?? "");
const open = await openExample(process.env);
const engine = await openReading(open);
const { tables, reader } = engine;
const endpoint = open.loaded.project.endpoints.find(({ route }) => route === "GET /airports/:iata/delays");
const asset = open.context.graph.byKey.get("daily_delays");
if (endpoint === undefined || asset?.columns === undefined) throw new Error("the example has changed");
const { columns } = columnsOf(asset.key, asset.columns);
const parts = await currentParts(open, asset.key);
const reading = reader.read([{ name: "dailyDelays", asset, parts, many: false }], {});
const { iata, ...query } = delaysRequest;
const { handler } = endpoint;

async function encode(): Promise<string> {
  const sql = handler(reading.handles, { params: { iata }, query });
  if (!(sql instanceof SqlTree)) throw new Error("the example has changed");
  const statement = statementOver(sql, reading);
  const limits = { timeLimitMs: 30_000, maxRows: 10_000, signal: new AbortController().signal };
  const { body } = await tables.encode({ ...limits, statement, columns, format: "json", shape: "list" });
  return body.toString();
}

const askBare = (): Promise<string> => bare.json(delaysRequest);
if ((await encode()) !== (await askBare())) throw new Error("the two do not give the same text");

async function microseconds(askers: number, ask: () => Promise<string>): Promise<number> {
  let left = requests;
  const asker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask();
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: askers }, asker));
  return ((performance.now() - started) * 1000) / requests;
}

const results: Record<string, { ours: readonly number[]; bare: readonly number[] }> = {};
for (const askers of [1, 8, 64]) {
  const sides = {
    ours: () => microseconds(askers, encode),
    bare: () => microseconds(askers, askBare),
  };
  // Once before it counts: compiled, connected, prepared.
  await interleave(1, sides);
  results[askers] = await interleave(rounds, sides);
}
giveResult(results);
await engine.close();
await open.close();
bare.close();
