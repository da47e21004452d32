import { appendFileSync } from "node:fs";
import { asset, defineProject } from "millrace";
import * as z from "zod";

/** Proof on disk of how often a step's code ran. */
function count(step: string): void {
  appendFileSync(process.env["STEP_LOG"] ?? "/dev/null", `${step}\n`);
}

export const first = asset("first", {
  value: z.int(),
  run: () => {
    count("first");
    return 1;
  },
});

/** Never lets go of the main thread for `BUSY_MS`. */
export const busy = asset("busy", {
  value: z.int(),
  deps: { first },
  run: () => {
    count("busy");
    const until = Date.now() + Number(process.env["BUSY_MS"] ?? 0);
    while (Date.now() < until);
    return 2;
  },
});

export default defineProject({ name: "lease", definitions: [first, busy] });
