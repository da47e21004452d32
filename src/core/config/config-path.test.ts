import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { printConfigPath, readConfigPath } from "./config-path.ts";
import { readSetting } from "./merge-config.ts";

const segment = fc.oneof(fc.nat(999_999), fc.string({ unit: "binary" }), fc.string());
const path = fc.array(segment, { minLength: 1, maxLength: 5 });

test("every path that is printed is read as it was, up to the = that ends it", () => {
  fc.assert(
    fc.property(path, fc.string(), (segments, value) => {
      const printed = printConfigPath(segments);
      assert.deepEqual(readConfigPath(printed), { path: segments, end: printed.length });
      assert.deepEqual(readSetting(`${printed}=${value}`), { path: segments, text: value });
    }),
  );
});

test("no text breaks it: it is a path, or it is said where it is none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readSetting(text);
      if ("reason" in read) assert.ok(read.reason.length > 0);
      else assert.ok(text.endsWith(`=${read.text}`));
    }),
  );
});

test("a setting is written as people write it", () => {
  assert.deepEqual(readSetting("assets.sales/daily.pages=3"), {
    path: ["assets", "sales/daily", "pages"],
    text: "3",
  });
  assert.deepEqual(readSetting('a["b.c"][0].d=x=y'), { path: ["a", "b.c", 0, "d"], text: "x=y" });
  assert.deepEqual(readSetting("a="), { path: ["a"], text: "" });
  const reasons = ["a", "=1", ".a=1", "a..b=1", "a b=1", "a[x]=1", "a[=1", '["\\x"]=1', "a.=1", "[0]b=1"];
  for (const text of reasons) assert.ok("reason" in readSetting(text), text);
  assert.deepEqual(readSetting("a..b=secret=x"), {
    reason: "«a..b» is no path at character 2; write it like assets.flights.pages or list[0]",
  });
});
