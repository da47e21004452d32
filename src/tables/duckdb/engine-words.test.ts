import assert from "node:assert/strict";
import { test } from "node:test";
import { engineWords } from "./engine-words.ts";

test("the text that ran is left out of the engine's message, what went wrong is kept", () => {
  const said =
    "Conversion Error: Could not convert string 'x' to INT64\n\nLINE 5: ) q) to '/data/1.parquet' (format parquet)\n          ^";
  assert.equal(engineWords(said), "Conversion Error: Could not convert string 'x' to INT64");
  assert.equal(engineWords("Failed to extract statements: Parser Error: x"), "Parser Error: x");
  const two = 'Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "id"';
  assert.equal(engineWords(`${two}\n\nLINE 1: select nope\n               ^`), two);
});

test("a table is called as the user's SQL calls it", () => {
  const view = 'Catalog Error: "v_0123456789abcdef01234567"."orders" has no column x';
  assert.equal(engineWords(view), 'Catalog Error: "orders" has no column x');
});
