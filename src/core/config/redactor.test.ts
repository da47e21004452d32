import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Redactor } from "./redactor.ts";

/** Texts in which the mark cannot be a part. */
const secretText = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 40 }),
    fc.string({ unit: "binary", minLength: 4, maxLength: 20 }),
  )
  .filter((text) => !text.includes("*") && text.isWellFormed());

/** Ways in which a text gets into others. */
const disguises: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify({ secret }),
  (secret) => JSON.stringify({ inner: JSON.stringify({ secret }) }),
  (secret) => `https://a.example/?token=${encodeURIComponent(secret)}&x=1`,
  (secret) => new URLSearchParams({ secret }).toString(),
  (secret) => Buffer.from(secret).toString("base64"),
  (secret) => Buffer.from(secret).toString("base64url"),
  (secret) => `Basic ${Buffer.from(`me:${secret}`).toString("base64")}`,
  (secret) => Buffer.from(`x${secret}yz`).toString("base64"),
];

test("no secret is left in any text, whatever is around it and in whatever form", () => {
  fc.assert(
    fc.property(
      fc.array(secretText, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(3), fc.nat(disguises.length - 1), fc.string()), { maxLength: 8 }),
      (secrets, pieces) => {
        const text = pieces
          .map(
            ([which, how, after]) => (disguises[how]?.(secrets[which % secrets.length] ?? "") ?? "") + after,
          )
          .join("");
        const redactor = new Redactor(secrets);
        const redacted = redactor.text(text);
        assert.ok(!redactor.holds(redacted), `${redacted} still has one`);
        for (const secret of secrets) assert.ok(!redacted.includes(secret));
        assert.equal(redactor.text(redacted), redacted, "twice is once");
        assert.equal(redactor.holds(text), redacted !== text);
      },
    ),
  );
});

test("where secrets overlap, nothing of them is left over", () => {
  assert.equal(new Redactor(["abcdef", "defghi"]).text("-abcdefghi-"), "-***-");
  assert.equal(new Redactor(["aaaa"]).text("aaaaaa"), "***");
  assert.equal(new Redactor(["password", "password-2"]).text("password-2 password"), "*** ***");
});

test("a header of basic authentication is no hiding place", () => {
  const header = `Basic ${Buffer.from("admin:correct horse").toString("base64")}`;
  const redacted = new Redactor(["correct horse"]).text(header);
  assert.match(redacted, /^Basic .{6,9}\*\*\*/);
});

test("data is redacted in its texts, names, numbers, and what writes itself as JSON", () => {
  const redactor = new Redactor(["hunter2!", "48151623"]);
  const circle: Record<string, unknown> = { text: "a hunter2! b" };
  circle["self"] = circle;
  assert.deepEqual(
    redactor.data({
      list: ["hunter2!", 1, null, undefined, true],
      "key hunter2!": { pin: 48_151_623, big: 48_151_623n, other: 4 },
      url: new URL("https://a.example/?x=hunter2!"),
    }),
    {
      list: ["***", 1, null, undefined, true],
      "key ***": { pin: "***", big: "***", other: 4 },
      url: "https://a.example/?x=***",
    },
  );
  const date = new Date(0);
  assert.equal(redactor.data({ date }).date, date, "what holds none stays what it is");
  assert.equal((redactor.data(circle) as { text: string }).text, "a *** b");
});

test("without secrets everything stays the very same, and short ones are not searched for", () => {
  const value = { a: ["abc"] };
  for (const redactor of [new Redactor(), new Redactor(["", "abc"])]) {
    assert.equal(redactor.data(value), value);
    assert.equal(redactor.text("abc"), "abc");
    assert.equal(redactor.holds("abc"), false);
  }
});

test("secrets that become known later are looked for from then on", () => {
  const redactor = new Redactor();
  assert.equal(redactor.text("late-secret"), "late-secret");
  redactor.add(["late-secret"]);
  assert.equal(redactor.text("late-secret"), "***");
});
