import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../core/errors.ts";
import { checkListen, isLoopback } from "./listen-policy.ts";

test("only addresses that never leave the machine are loopback", () => {
  for (const host of [
    "127.0.0.1",
    "127.8.9.1",
    "localhost",
    "LOCALHOST",
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
  ]) {
    assert.ok(isLoopback(host), host);
  }
  const wide = [
    "0.0.0.0",
    "::",
    "",
    "10.0.0.1",
    "192.168.1.2",
    "example.com",
    "127.0.0.1.example.com",
    "localhost.evil",
    "127.1",
    "::ffff:10.0.0.1",
  ];
  for (const host of wide) assert.ok(!isLoopback(host), host);
});

test("binding wider needs a token", () => {
  checkListen("127.0.0.1", []);
  checkListen("0.0.0.0", [{ name: "me", token: "x" }]);
  assert.throws(
    () => checkListen("0.0.0.0", []),
    (error: unknown) => error instanceof MillraceError && error.code === "BIND_REFUSED",
  );
});
