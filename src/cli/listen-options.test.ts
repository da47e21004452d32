import assert from "node:assert/strict";
import { test } from "node:test";
import { tokensFrom } from "./listen-options.ts";

test("tokens are name:token pairs divided by commas", () => {
  assert.deepEqual(tokensFrom({}), []);
  assert.deepEqual(tokensFrom({ MILLRACE_TOKENS: "" }), []);
  assert.deepEqual(tokensFrom({ MILLRACE_TOKENS: "ann:s3cret, bob:a.b-c_d~e+f/g==" }), [
    { name: "ann", token: "s3cret" },
    { name: "bob", token: "a.b-c_d~e+f/g==" },
  ]);
});

test("a pair that is none is refused without being repeated, for it may hold the secret", () => {
  for (const pair of ["s3cret", "ann:", ":s3cret", "ann:s3 cret"]) {
    assert.throws(
      () => tokensFrom({ MILLRACE_TOKENS: `ok:fine,${pair}` }),
      (error: Error) => error.message.includes("pair 2") && !error.message.includes("cret"),
      pair,
    );
  }
});
