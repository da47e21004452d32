import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { preferredMediaType } from "./media-type.ts";

const offered = ["application/json", "text/csv"] as const;
const choose = (accept: string | undefined) => preferredMediaType(accept, offered);

test("without a wish, or with any range, the first offer is taken", () => {
  for (const accept of [undefined, "", "*/*", "application/*", "nonsense", ";;;,"]) {
    assert.equal(choose(accept), "application/json", String(accept));
  }
});

test("the best quality wins, and the most specific range says it", () => {
  assert.equal(choose("text/csv"), "text/csv");
  assert.equal(choose("TEXT/CSV;header=present"), "text/csv");
  assert.equal(choose("application/json;q=0.5, text/csv"), "text/csv");
  assert.equal(choose("text/*;q=0.2, application/json;q=0.1"), "text/csv");
  assert.equal(choose("*/*;q=0.9, application/json;q=0"), "text/csv");
  assert.equal(choose("text/csv;q=0.8, text/*;q=1, application/json;q=0.9"), "application/json");
  assert.equal(choose('text/html;x="a,b", text/csv'), "text/csv");
});

test("a browser gets JSON", () => {
  assert.equal(
    choose("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),
    "application/json",
  );
});

test("nothing is chosen when nothing is acceptable", () => {
  for (const accept of ["image/png", "text/html", "application/json;q=0, text/csv;q=0.000", "*/*;q=0"]) {
    assert.equal(choose(accept), undefined, accept);
  }
});

test("any header at all gives an offer or nothing, quickly", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (accept) => {
      const chosen = choose(accept);
      assert.ok(chosen === undefined || (offered as readonly string[]).includes(chosen));
    }),
  );
  const started = performance.now();
  choose(`${"a/b;".repeat(2_000)}"${"\\".repeat(2_000)}`);
  choose(`"${",".repeat(8_000)}`);
  assert.ok(performance.now() - started < 200);
});

test("among well-formed ranges the result has the highest quality there is", () => {
  const range = fc.record({
    type: fc.constantFrom("application/json", "text/csv", "text/*", "*/*", "image/png"),
    q: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 6 }), (ranges) => {
      const unique = [...new Map(ranges.map((each) => [each.type, each])).values()];
      const quality = (candidate: string): number => {
        const [type] = candidate.split("/");
        for (const pattern of [candidate, `${type}/*`, "*/*"]) {
          const found = unique.find((each) => each.type === pattern);
          if (found !== undefined) return found.q;
        }
        return 0;
      };
      const header = unique.map(({ type, q }) => `${type};q=${(q / 10).toFixed(1)}`).join(", ");
      const chosen = choose(header);
      const best = Math.max(...offered.map(quality));
      assert.equal(chosen === undefined ? 0 : quality(chosen), best, header);
    }),
  );
});
