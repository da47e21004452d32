import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredRows } from "../../core/catalog/stored-rows.ts";
import { nameOf } from "./doom-files.ts";
import { freedBytes, type GoingVersion } from "./freed-bytes.ts";

const version = (bytes: number, ...files: readonly StoredRows[]): GoingVersion => ({
  location: JSON.stringify({ store: "here", files }),
  bytes,
});
const going = (...files: readonly string[]) => new Set(files.map((file) => nameOf({ store: "here", file })));

test("a file counts once, however many of the versions that go have it (N1, N4)", () => {
  const chain = [
    version(600, "a", "b", "c"),
    version(100, "a"),
    version(300, "a", "b"),
    version(300, "a", "b"),
  ];
  assert.equal(freedBytes(chain, going("a", "b", "c")), 600);
  assert.equal(freedBytes(chain, going("b", "c")), 500);
  assert.equal(freedBytes(chain, going("c")), 300);
});

test("of files that nothing more is known of each counts the same (N1)", () => {
  assert.equal(freedBytes([version(300, "a", "b", "c")], going("c")), 100);
});

test("a pack counts with the bytes that it has, once, and only when it goes (N1)", () => {
  const rows = (from: number) => ({
    file: "pack",
    from,
    to: from + 1,
    bytes: 100,
    pack: { rows: 2, bytes: 70 },
  });
  const versions = [version(100, rows(0)), version(150, rows(1), "more")];
  assert.equal(freedBytes(versions, going("pack", "more")), 120);
  assert.equal(freedBytes(versions, going("more")), 50);
  assert.equal(freedBytes(versions, going()), 0);
});

test("a value that lies in state counts with its own bytes, and what was never written with none (N7)", () => {
  const inline = { location: JSON.stringify({ inline: "12" }), bytes: 2 };
  assert.equal(freedBytes([inline, { location: null, bytes: null }], going()), 2);
});
