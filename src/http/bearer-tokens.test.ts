import assert from "node:assert/strict";
import { test } from "node:test";
import { BearerTokens } from "./bearer-tokens.ts";

const tokens = new BearerTokens([
  { name: "ada", token: "a-secret.of~some+length/==" },
  { name: "bob", token: "another" },
]);

test("a token tells whose it is, whatever the scheme's case", () => {
  assert.equal(tokens.nameOf("Bearer another"), "bob");
  assert.equal(tokens.nameOf("bearer  a-secret.of~some+length/=="), "ada");
});

test("anything else is nobody's", () => {
  for (const header of [
    undefined,
    "",
    "another",
    "Basic another",
    "Bearer",
    "Bearer ",
    "Bearer anothe",
    "Bearer another x",
    "Bearer ANOTHER",
  ]) {
    assert.equal(tokens.nameOf(header), undefined, String(header));
  }
  assert.equal(new BearerTokens([{ name: "empty", token: "" }]).nameOf("Bearer "), undefined);
});

test("without tokens none is required", () => {
  assert.equal(new BearerTokens([]).required, false);
  assert.equal(tokens.required, true);
});
