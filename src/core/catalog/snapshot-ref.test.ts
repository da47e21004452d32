import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { MillraceError } from "../errors.ts";
import { checkPinName, parseSnapshotRef, snapshotToken } from "./snapshot-ref.ts";

test("a snapshot is named by number, token, name or time (N13)", () => {
  assert.deepEqual(parseSnapshotRef("12"), { by: "number", number: 12 });
  assert.deepEqual(parseSnapshotRef("main@12"), { by: "token", environment: "main", number: 12 });
  assert.deepEqual(parseSnapshotRef("pr-7@0f3c-1:0"), {
    by: "token",
    environment: "pr-7",
    epoch: "0f3c-1",
    number: 0,
  });
  assert.deepEqual(parseSnapshotRef("before-the_move.2"), { by: "name", name: "before-the_move.2" });
  const times = {
    "2026-11-22": "2026-11-22T00:00:00.000Z",
    "2026-11-22T10:05Z": "2026-11-22T10:05:00.000Z",
    "2026-11-22T10:05:07.25+02:00": "2026-11-22T08:05:07.250Z",
    "2024-02-29t23:59:59z": "2024-02-29T23:59:59.000Z",
  };
  for (const [text, iso] of Object.entries(times))
    assert.deepEqual(parseSnapshotRef(text), { by: "time", time: Date.parse(iso) });
});

test("whatever else is typed is refused with a reason, in few words", () => {
  const reasons = {
    "": /neither a number/,
    "-1": /neither/,
    "1.5": /neither/,
    " 12": /neither/,
    "@3": /neither/,
    "main@": /neither/,
    "main@x:y:3": /neither/,
    "99999999999999999999": /too large/,
    "main@99999999999999999999": /too large/,
    "2026-02-30": /no such time/,
    "2026-13-01": /no such time/,
    "2026-11-22T24:00Z": /no such time/,
    "2026-11-22T10:00:61Z": /no such time/,
    "2026-11-22 10:00Z": /no such time/,
    "2026-11-22T10:00": /no zone/,
  };
  for (const [text, reason] of Object.entries(reasons)) {
    assert.throws(
      () => parseSnapshotRef(text),
      (error) => {
        assert.ok(error instanceof MillraceError && error.code === "SNAPSHOT_INVALID", text);
        assert.match(error.message, reason, text);
        return true;
      },
    );
  }
  assert.throws(
    () => parseSnapshotRef("é".repeat(1_000_000)),
    (error) => {
      return error instanceof MillraceError && error.message.length < 200;
    },
  );
});

test("any text is either understood or refused with that error", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d@:TZ+.-]{1,24}$/)), (text) => {
      try {
        const ref = parseSnapshotRef(text);
        if (ref.by === "time") assert.ok(Number.isSafeInteger(ref.time));
      } catch (error) {
        assert.ok(error instanceof MillraceError && error.code === "SNAPSHOT_INVALID");
      }
    }),
  );
});

test("a token is read back as it was written (N13)", () => {
  const token = { environment: "feature/x", epoch: "0f3c2a1b-9d", number: 3 };
  assert.deepEqual(parseSnapshotRef(snapshotToken(token)), { by: "token", ...token });
});

test("a name can never be taken for something else", () => {
  for (const name of ["1a", "", "a b", "a@1", "-x", "é", "a".repeat(101)])
    assert.throws(() => checkPinName(name), { code: "SNAPSHOT_NAME_INVALID" });
  checkPinName("v1.2-rc_3");
});
