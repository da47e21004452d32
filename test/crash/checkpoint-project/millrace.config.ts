import { appendFileSync } from "node:fs";
import { asset, defineProject } from "millrace";
import * as z from "zod";

/** Three pages, each fetched once however often the process dies; proof of each fetch is on disk. */
export const pages = asset("pages", {
  value: z.string(),
  run: async (_, { checkpoint }) => {
    const fetched: Map<string, bigint>[] = [];
    for (const key of ["a", "b", "c"]) {
      fetched.push(
        await checkpoint(
          "fetch",
          () => {
            appendFileSync(process.env["STEP_LOG"] ?? "/dev/null", `${key}\n`);
            return new Map([[key, 2n ** 64n]]);
          },
          { key },
        ),
      );
    }
    return fetched.flatMap((page) => [...page].map(([key, size]) => `${key}=${size}`)).join(" ");
  },
});

export default defineProject({ name: "checkpoints", definitions: [pages] });
