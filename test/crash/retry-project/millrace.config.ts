import { appendFileSync } from "node:fs";
import { asset, defineProject, retryAfter } from "millrace";
import * as z from "zod";

/** Never gets an answer. Proof on disk of when it was tried, and as which attempt. */
export const flaky = asset("flaky", {
  value: z.int(),
  retry: { max: 2, delay: process.env["RETRY_DELAY"] ?? "0s", backoff: "constant" },
  run: (_, { attempt }) => {
    appendFileSync(process.env["TRIES"] ?? "/dev/null", `${attempt} ${Date.now()}\n`);
    const asked = process.env["RETRY_AFTER"];
    if (asked !== undefined) throw retryAfter(asked, { cause: new Error("too many requests") });
    throw new Error("no answer");
  },
});

export default defineProject({ name: "retrying", definitions: [flaky] });
