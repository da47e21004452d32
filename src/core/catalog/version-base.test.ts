import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isBaseCurrent } from "./version-base.ts";

const days = (from: number, to: number) => ({ slice: "", from, to });
const at = (versionId: string | undefined, range = days(0, 4)) => ({ versionId, range });

describe("the base of an appending version", () => {
  test("is current while the same version lies in all of its place", () => {
    const base = { version: "a", rowCount: 1 };
    assert.equal(isBaseCurrent(base, days(0, 4), [at("a")]), true);
    assert.equal(isBaseCurrent(base, days(1, 2), [at("a")]), true);
    assert.equal(isBaseCurrent(base, days(0, 4), [at("a", days(0, 3)), at("a", days(3, 4))]), true);
  });

  test("is not current where another version lies, or none", () => {
    const base = { version: "a", rowCount: 1 };
    assert.equal(isBaseCurrent(base, days(0, 4), [at("b")]), false);
    assert.equal(isBaseCurrent(base, days(0, 4), [at(undefined)]), false);
    assert.equal(isBaseCurrent(base, days(0, 4), []), false);
    assert.equal(isBaseCurrent(base, days(0, 4), [at("a", days(0, 3))]), false);
    assert.equal(isBaseCurrent(base, days(0, 4), [at("a", days(0, 3)), at(undefined, days(3, 4))]), false);
    assert.equal(isBaseCurrent(base, days(0, 4), [at("a", days(0, 3)), at("b", days(3, 4))]), false);
  });

  test("that was nothing is current as long as nothing is there", () => {
    assert.equal(isBaseCurrent({}, days(0, 4), []), true);
    assert.equal(isBaseCurrent({}, days(0, 4), [at(undefined)]), true);
    assert.equal(isBaseCurrent({}, days(0, 4), [at("a", days(3, 4))]), false);
  });
});
