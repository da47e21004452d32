/** A project of as many trivial assets as `BENCH_STEPS` says; `BENCH_SHAPE`: each for itself, or a chain. */
import { asset, defineProject, type ValueAsset } from "millrace";
import * as z from "zod";

const steps = Number(process.env["BENCH_STEPS"] ?? 10);
const chained = process.env["BENCH_SHAPE"] === "chain";

type Step = ValueAsset<string, number>;

const definitions: Step[] = [];
for (let index = 0; index < steps; index += 1) {
  const key = `step_${index}`;
  const previous = definitions.at(-1);
  definitions.push(
    chained && previous !== undefined
      ? asset(key, {
          value: z.int(),
          deps: { previous },
          run: async (deps) => (await deps.previous.get()) + 1,
        })
      : asset(key, { value: z.int(), run: () => index }),
  );
}

export default defineProject({ name: "steps", definitions });
