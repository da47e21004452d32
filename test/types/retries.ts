/** What says how steps are tried. The text in «…» stands in tsc's message. */
import { asset, defineProject, neverRetry, retryAfter } from "millrace";
import * as z from "zod";
import { is } from "./is.ts";

is<Error>()(retryAfter("5m"));
is<Error>()(retryAfter("5m", new Error("no")));
is<Error>()(retryAfter("5m", { cause: "anything" }));
is<Error>()(neverRetry(new Error("no")));
is<Error>()(neverRetry("the key is revoked"));

asset("throws_in_all_branches", {
  value: z.int(),
  run: (_, { attempt }) => {
    if (attempt === 1) throw retryAfter("1s");
    throw neverRetry("no");
  },
});
defineProject({ name: "p", definitions: [], retry: { max: 2, delay: "1s" }, timeout: "1h" });

// @ts-expect-error a wait in milliseconds «Argument of type 'number' is not assignable to parameter of type 'string'»
retryAfter(5_000);
// @ts-expect-error a cause that is a text, not named «is not assignable to parameter of type»
retryAfter("5m", "too many requests");
// @ts-expect-error nothing to say «Expected 1 arguments, but got 0»
neverRetry();
asset("x", {
  value: z.int(),
  // @ts-expect-error given back instead of thrown «is not assignable to type»
  run: () => retryAfter("5m"),
});
// @ts-expect-error a retry without a number of tries «Property 'max' is missing in type»
defineProject({ name: "p", definitions: [], retry: { delay: "1s" } });
// @ts-expect-error a time limit in milliseconds «Type 'number' is not assignable to type 'string'»
defineProject({ name: "p", definitions: [], timeout: 1_000 });
