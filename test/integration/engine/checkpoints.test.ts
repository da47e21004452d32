import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "millrace";
import type { StepContext } from "millrace";
import * as z from "zod";
import { openWorld } from "./world.ts";

type Checkpoint = StepContext["checkpoint"];

test("another attempt gets what was reached, equal and without its work being done again (N38)", async (t) => {
  let worked = 0;
  const seen: unknown[] = [];
  const it = asset("it", {
    value: z.int(),
    retry: { max: 2, delay: "1ms" },
    run: async (_, { checkpoint, attempt }) => {
      seen.push(
        await checkpoint("fetch", () => {
          worked += 1;
          return { at: new Date(5), big: 2n ** 70n, ids: new Set([1]), none: undefined };
        }),
      );
      if (attempt < 3) throw new Error("later");
      return worked;
    },
  });
  const world = await openWorld(t, { it });
  assert.equal((await world.materialize({})).outcome?.status, "success");
  assert.equal(worked, 1);
  const kept = { at: new Date(5), big: 2n ** 70n, ids: new Set([1]), none: undefined };
  assert.deepEqual(seen, [kept, kept, kept]);
});

test("another run does the work anew, and so does another step (N38)", async (t) => {
  let worked = 0;
  const make = (key: string) =>
    asset(key, { value: z.int(), run: (_, { checkpoint }) => checkpoint("count", () => (worked += 1)) });
  const world = await openWorld(t, { a: make("a"), b: make("b") });
  await world.materialize({});
  await world.materialize({});
  assert.equal(worked, 4);
});

test("work that fails is no checkpoint, and is done again (N38)", async (t) => {
  let tries = 0;
  const it = asset("it", {
    value: z.int(),
    retry: { max: 1, delay: "1ms" },
    run: (_, { checkpoint }) =>
      checkpoint("fetch", () => {
        tries += 1;
        if (tries === 1) throw new Error("no");
        return tries;
      }),
  });
  const world = await openWorld(t, { it });
  await world.materialize({});
  assert.equal(await world.value("it"), 2);
});

const wrong: Readonly<
  Record<string, readonly [(checkpoint: Checkpoint) => Promise<unknown>, string, RegExp]>
> = {
  "a name used twice in one attempt": [
    (checkpoint) => Promise.all([checkpoint("x", () => 1), checkpoint("x", () => 2)]),
    "CHECKPOINT_REPEATED",
    /the checkpoint x is used twice/,
  ],
  "an item used twice": [
    async (checkpoint) => {
      await checkpoint("x", () => 1, { key: "a" });
      await checkpoint("x", () => 2, { key: "b" });
      return checkpoint("x", () => 3, { key: "a" });
    },
    "CHECKPOINT_REPEATED",
    /the checkpoint x\[a\] is used twice/,
  ],
  "a result that cannot be kept": [
    (checkpoint) => checkpoint("x", () => ({ rows: [{ load: () => 1 }] })),
    "CHECKPOINT_NOT_SERIALIZABLE",
    /result\.rows\[0\]\.load is a function/,
  ],
  "a result that is too large": [
    (checkpoint) => checkpoint("x", () => "x".repeat(2_000_000)),
    "CHECKPOINT_TOO_LARGE",
    /takes 2000002 bytes, more than 1048576/,
  ],
  "no name": [(checkpoint) => checkpoint("", () => 1), "INVALID_OPTION", /checkpoint takes a name/],
  "no function": [
    (checkpoint) => checkpoint("x", 1 as unknown as () => number),
    "INVALID_OPTION",
    /checkpoint takes a name/,
  ],
};
for (const [what, [use, code, message]] of Object.entries(wrong)) {
  test(`${what} fails the step with one clear error (N38)`, async (t) => {
    const it = asset("it", {
      value: z.unknown(),
      run: async (_, { checkpoint }) => {
        await use(checkpoint);
        return 1;
      },
    });
    const world = await openWorld(t, { it });
    const [failed] = (await world.materialize({})).outcome?.failed ?? [];
    assert.deepEqual([failed?.code, message.test(failed?.reason ?? "")], [code, true]);
  });
}
