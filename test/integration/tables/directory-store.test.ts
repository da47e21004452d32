import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { rangeOf, wholeRange } from "../../../src/core/partition/range.ts";
import { openDirectoryStore } from "../../../src/tables/directory-store.ts";

suite("a store in a directory", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "millrace-store-"));
  });
  after(() => rm(root, { recursive: true }));

  test("names a file by asset, version and range, relative to its root, and makes its directory (N1, N2)", async () => {
    const store = openDirectoryStore({ root });
    const { file, path } = await store.place("sales/daily", "v1", wholeRange, "parquet");
    assert.equal(file, "sales/daily/v1/0.parquet");
    assert.equal(path, join(root, file));
    await access(join(root, "sales/daily/v1"));
    assert.equal(
      (await store.place("sales/daily", "v1", { slice: "", from: 3, to: 9 }, "parquet")).file,
      "sales/daily/v1/3-9.parquet",
    );
    assert.notEqual(
      (await store.place("a", "v", rangeOf(1), "bin")).file,
      (await store.place("a", "v", rangeOf(2), "bin")).file,
    );
  });

  test("keeps its versions when the directory is moved (N1)", async () => {
    const from = join(root, "before");
    const { file, path } = await openDirectoryStore({ root: from }).place("a", "v", wholeRange, "txt");
    await writeFile(path, "kept");
    await rename(from, join(root, "after"));
    assert.equal(
      await readFile(openDirectoryStore({ root: join(root, "after") }).path(file), "utf8"),
      "kept",
    );
  });

  test("writes bytes and streams, counts them, and never overwrites (N2)", async () => {
    const store = openDirectoryStore({ root });
    const one = await store.place("bytes", "v1", wholeRange, "bin");
    assert.equal(await store.write(one.path, new Uint8Array([1, 2, 3])), 3);
    const two = await store.place("bytes", "v2", wholeRange, "bin");
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < 100; piece += 1) yield new Uint8Array(1000).fill(piece);
    }
    assert.equal(await store.write(two.path, pieces()), 100_000);
    assert.equal((await readFile(two.path)).at(-1), 99);
    await assert.rejects(store.write(one.path, new Uint8Array([9])), { code: "EEXIST" });
    assert.deepEqual([...(await readFile(one.path))], [1, 2, 3]);
  });

  test("leaves nothing at the path when the stream breaks off (N2)", async () => {
    const store = openDirectoryStore({ root });
    const { path } = await store.place("broken", "v1", wholeRange, "bin");
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new RangeError("mine");
    }
    await assert.rejects(store.write(path, pieces()), RangeError);
    assert.deepEqual(await readdir(join(root, "broken/v1")), []);
  });

  test("says which version is damaged when a file is gone", () => {
    const store = openDirectoryStore({ root });
    assert.throws(() => store.path("sales/daily/v9/0.parquet"), {
      code: "VERSION_CORRUPT",
      message: /sales\/daily: .*v9/,
    });
  });

  test("removes all of a version, nothing of another, and nothing twice", async () => {
    const store = openDirectoryStore({ root });
    const gone = await store.place("removed", "v1", rangeOf(0), "bin");
    const kept = await store.place("removed", "v10", rangeOf(0), "bin");
    await store.write(gone.path, new Uint8Array(1));
    await store.write(kept.path, new Uint8Array(1));
    await store.remove("removed", "v1");
    await store.remove("removed", "v1");
    await store.remove("never/there", "v1");
    assert.deepEqual(await readdir(join(root, "removed")), ["v10"]);
    assert.throws(() => store.path(gone.file), { code: "VERSION_CORRUPT" });
    assert.equal(store.path(kept.file), kept.path);
  });

  test("never leaves its root", async () => {
    const store = openDirectoryStore({ root: join(root, "inner") });
    await writeFile(join(root, "secret"), "x");
    for (const file of ["../secret", "a/../../secret", "/etc/passwd", "", ".", ".."]) {
      assert.throws(() => store.path(file), { code: "INTERNAL" }, file);
      await assert.rejects(store.write(join(root, "inner", file), new Uint8Array(1)), file);
    }
    for (const [asset, version] of [
      ["..", "v"],
      ["a/../..", "v"],
      ["a", ".."],
      ["a", "."],
      ["", "v"],
      ["a", ""],
      ["a//b", "v"],
      ["a", "v/../.."],
      [".hidden", "v"],
      ["a\0", "v"],
    ] as const) {
      await assert.rejects(
        store.place(asset, version, wholeRange, "bin"),
        { code: "INTERNAL" },
        `${asset} ${version}`,
      );
      await assert.rejects(store.remove(asset, version), { code: "INTERNAL" }, `${asset} ${version}`);
    }
    const sliced = await store.place("a", "v", { slice: "../../x/y.é", from: 0, to: 1 }, "bin");
    assert.ok(sliced.path.startsWith(join(root, "inner", "a", "v") + "/"));
    assert.equal(await readFile(join(root, "secret"), "utf8"), "x");
  });
});
