/** Trivial ops, as many as `BENCH_STEPS` says: items of a list, calls beside each other, or calls in a chain. */
import { defineProject, job, op, type Ref } from "millrace";
import * as z from "zod";

const count = Number(process.env["BENCH_STEPS"]);

const list = op("list", {
  output: z.array(z.int()),
  run: () => Array.from({ length: count - 1 }, (_, index) => index),
});
const next = op("next", {
  input: z.object({ n: z.int() }),
  output: z.int(),
  run: ({ input }) => input.n + 1,
});

export const fanOut = job("fan_out", {
  graph({ map }) {
    map(list(), (n) => next({ n }));
  },
});

export const beside = job("beside", {
  graph() {
    for (let index = 0; index < count; index += 1) next({ n: index });
  },
});

export const chain = job("chain", {
  graph() {
    let at: Ref<number, "chain"> = next({ n: 0 });
    for (let index = 1; index < count; index += 1) at = next({ n: at });
    return at;
  },
});

const asked = process.env["BENCH_JOB"] ?? "fan_out";
const jobs = new Map<string, object>([
  ["fan_out", fanOut],
  ["beside", beside],
  ["chain", chain],
]);

/** The one job that is asked for: graphs of the others would be built, too. */
export default defineProject({
  name: "bench",
  definitions: [jobs.get(asked) ?? fanOut],
});
