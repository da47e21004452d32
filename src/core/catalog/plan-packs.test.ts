import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Column } from "../column/column.ts";
import { type PackLimits, planPacks } from "./plan-packs.ts";
import type { ReadablePart } from "./readable-part.ts";
import { isWholePack, type StoredRows } from "./stored-rows.ts";
import { storedIn, type VersionRecord } from "./version.ts";

const limits: PackLimits = { targetBytes: 400, mostVersions: 10 };

function columns(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, type: { kind: "integer" }, nullable: false, rules: [] }));
}
const oneColumn = columns("x");

function part(
  id: number,
  bytes: number,
  about: Partial<VersionRecord> & { files?: readonly StoredRows[] } = {},
): ReadablePart {
  const { files = [`${id}`], ...rest } = about;
  const range = { slice: "", from: id, to: id + 1 };
  const version: VersionRecord = {
    id: `v${id}`,
    assetId: 1,
    spaceId: 1,
    range,
    state: "published",
    runId: "r",
    step: "s",
    kind: "table",
    createdAt: 0,
    location: { store: "here", files },
    columns: oneColumn,
    rowCount: 1,
    bytes,
    ...rest,
  };
  return { range, version };
}

/** Ids of the versions in each pack. */
function planned(parts: readonly ReadablePart[], how = limits): string[] {
  return planPacks(parts, "here", how).map((pack) => pack.map((member) => member.part.version.id).join(" "));
}

test("neighbours that are small are packed up to the target, and large ones stay (N1)", () => {
  assert.deepEqual(planned([part(0, 10), part(1, 10), part(2, 100), part(3, 10), part(4, 99), part(5, 1)]), [
    "v0 v1",
    "v3 v4 v5",
  ]);
  assert.deepEqual(planned(Array.from({ length: 9 }, (_, id) => part(id, 90))), [
    "v0 v1 v2 v3 v4",
    "v5 v6 v7 v8",
  ]);
  assert.deepEqual(planned([part(0, 10)]), []);
  assert.deepEqual(
    planned([part(0, 200), part(1, 10), part(2, 200)]),
    [],
    "alone among large ones it is one file already",
  );
});

test("what cannot be packed keeps what is before it and what comes after apart (N1)", () => {
  const odd: readonly Partial<VersionRecord>[] = [
    { kind: "value" },
    { location: { store: "elsewhere", files: ["1"] } },
    { location: { inline: "1" } },
    { columns: columns("x", "File_Row_Number") },
  ];
  for (const about of odd) {
    const parts = [part(0, 1), part(1, 1), part(2, 1, about), part(3, 1), part(4, 1)];
    assert.deepEqual(planned(parts), ["v0 v1", "v3 v4"], JSON.stringify(about));
  }
  const other = columns("x", "y");
  const changed = [part(0, 1), part(1, 1), part(2, 1, { columns: other }), part(3, 1, { columns: other })];
  assert.deepEqual(planned(changed), ["v0 v1", "v2 v3"], "a file has one schema");
  const twice = part(2, 1);
  assert.deepEqual(planned([part(0, 1), part(1, 1), twice, part(3, 1), part(4, 1), twice]), [
    "v0 v1",
    "v3 v4",
  ]);
});

test("a version of several small files is packed, also alone (N1)", () => {
  assert.deepEqual(planned([part(0, 10, { files: ["a", "b"] })]), ["v0"]);
  assert.deepEqual(planned([part(0, 100, { files: ["a", "b"] })]), []);
});

const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 80, max: 150 })), {
  maxLength: 60,
});

/** The same parts where everything has been done. */
function packedAs(parts: readonly ReadablePart[], round: string): readonly ReadablePart[] {
  const moved = new Map<string, ReadablePart>();
  for (const [index, pack] of planPacks(parts, "here", limits).entries()) {
    const bytes = pack.reduce((sum, member) => sum + member.bytes, 0);
    const rows = { rows: pack.length, bytes };
    for (const [at, { part, bytes: own }] of pack.entries()) {
      const stored = { file: `${round}${index}`, from: at, to: at + 1, bytes: own, pack: rows };
      const location = { store: "here", files: [stored] };
      moved.set(part.version.id, { ...part, version: { ...part.version, location } });
    }
  }
  return parts.map((each) => moved.get(each.version.id) ?? each);
}

test("any versions: packs are of neighbours within the limits, and afterwards there is nothing left to do (N1)", () => {
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(59)), (bytes, remade) => {
      let parts: readonly ReadablePart[] = bytes.map((size, id) => part(id, size));
      for (const round of ["first", "second"]) {
        for (const pack of planPacks(parts, "here", limits)) {
          const at = pack.map((member) => parts.indexOf(member.part));
          assert.deepEqual(
            at,
            at.map((_, index) => (at[0] ?? 0) + index),
          );
          assert.ok(pack.length <= limits.mostVersions);
          assert.ok(
            pack.slice(0, -1).reduce((sum, member) => sum + member.bytes, 0) < limits.targetBytes + 100,
          );
        }
        parts = packedAs(parts, round);
        assert.deepEqual(planned(parts), []);
        for (const { version } of parts) {
          const [stored] = storedIn(version.location);
          assert.ok(typeof stored !== "object" || !isWholePack(stored) || stored.to > 0);
        }
        // Some are made again: packs have holes from then on.
        parts = parts.map((each, id) => (remade.includes(id) ? part(id, bytes[id] ?? 0) : each));
      }
    }),
  );
});
