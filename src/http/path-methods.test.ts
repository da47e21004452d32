import assert from "node:assert/strict";
import { test } from "node:test";
import { PathMethods } from "./path-methods.ts";

const methods = new PathMethods();
methods.add("GET", "/api/airports/:iata");
methods.add("PUT", "/api/airports/:iata");
methods.add("POST", "/api/airports/new");
methods.add("GET", "/api/files/:name.csv");

test("a path knows its methods, HEAD with GET", () => {
  assert.deepEqual(methods.of("/api/airports/ATL"), ["GET", "HEAD", "PUT"]);
});

test("a fixed path and a pattern that fits it too are both meant", () => {
  assert.deepEqual(methods.of("/api/airports/new"), ["GET", "HEAD", "POST", "PUT"]);
});

test("a parameter may be part of a segment", () => {
  assert.deepEqual(methods.of("/api/files/a.csv"), ["GET", "HEAD"]);
  assert.deepEqual(methods.of("/api/files/acsv"), []);
});

test("an unknown path has none", () => {
  for (const path of ["/", "/api", "/api/airports", "/api/airports/", "/api/airports/ATL/x"])
    assert.deepEqual(methods.of(path), []);
});
