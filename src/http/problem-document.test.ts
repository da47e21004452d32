import assert from "node:assert/strict";
import { test } from "node:test";
import { problem } from "../core/endpoint/problem.ts";
import { MillraceError } from "../core/errors.ts";
import { problemDocument, problemHeaders } from "./problem-document.ts";
import { RequestInvalid } from "./request-invalid.ts";

const context = { instance: "/api/x?y=1", requestId: "r-1", expose: false };

test("an error of the table says what happened and what to do", () => {
  const error = new MillraceError("ASSET_NOT_MATERIALIZED", { key: "delays" });
  assert.deepEqual(problemDocument(error, context), {
    type: "urn:millrace:problem:asset-not-materialized",
    title: "Asset not materialized",
    status: 503,
    detail: "delays has never been materialized. Run: millrace materialize delays.",
    instance: "/api/x?y=1",
    code: "ASSET_NOT_MATERIALIZED",
    requestId: "r-1",
  });
  assert.equal(problemHeaders(error)["Retry-After"], "10");
});

test("what goes wrong inside is for the log, unless it is developed just now", () => {
  const secrets = [
    new Error("password is hunter2"),
    new MillraceError("SQL_FAILED", { reason: "hunter2" }),
    new MillraceError("HANDLER_FAILED", { reason: "hunter2" }),
    new MillraceError("STATE_UNAVAILABLE", { reason: "hunter2" }),
    "hunter2",
  ];
  for (const secret of secrets) {
    const hidden = problemDocument(secret, context);
    assert.ok(!JSON.stringify(hidden).includes("hunter2"), String(secret));
    assert.match(hidden.detail ?? "", /r-1/);
    assert.match(problemDocument(secret, { ...context, expose: true }).detail ?? "", /hunter2/);
  }
});

test("a project's own problem keeps its title and members, but not another status or instance", () => {
  const own = problem(404, "No such airport", {
    iata: "XYZ",
    detail: "Not even nearly",
    status: 200,
    instance: "/",
  });
  assert.deepEqual(problemDocument(own, context), {
    type: "about:blank",
    title: "No such airport",
    detail: "Not even nearly",
    iata: "XYZ",
    status: 404,
    instance: "/api/x?y=1",
    requestId: "r-1",
  });
});

test("every mistake of a request is told", () => {
  const mistake = { in: "query", path: "/from", message: "is required", code: "invalid_type" } as const;
  const document = problemDocument(new RequestInvalid([mistake]), context);
  assert.equal(document.status, 422);
  assert.match(document.detail ?? "", /^The request has 1 mistake\. /);
  assert.deepEqual(document.errors, [mistake]);
  const { detail = "" } = problemDocument(new RequestInvalid([mistake, mistake]), context);
  assert.match(detail, /^The request has 2 mistakes\. /);
});
