import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import { Slots } from "./slots.ts";

test("a slot is taken as often as there are some", () => {
  const slots = new Slots(2);
  assert.deepEqual([slots.take(), slots.take(), slots.take()], [true, true, false]);
  slots.free();
  assert.equal(slots.take(), true);
});

test("who waits leaves its slot to another, and goes on before who has not begun", async () => {
  const slots = new Slots(1);
  let freed = 0;
  slots.attend(() => (freed += 1));
  assert.ok(slots.take());
  let end = (): void => undefined;
  const waiting = slots.without(() => new Promise<void>((resolve) => (end = resolve)));
  assert.equal(freed, 1);
  assert.ok(slots.take(), "another one has it");
  end();
  assert.equal(await Promise.race([waiting.then(() => "back"), delay(20, "waits")]), "waits");
  slots.free();
  await waiting;
  assert.equal(freed, 1, "nobody else was called");
  assert.equal(slots.take(), false);
});

test("a wait that fails is back in its slot, too", async () => {
  const slots = new Slots(1);
  assert.ok(slots.take());
  await assert.rejects(
    slots.without(() => Promise.reject(new Error("woken"))),
    /woken/,
  );
  assert.equal(slots.take(), false);
});

test("never are more at work than there are slots, and all come to their end", async () => {
  const tasks = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(tasks, fc.integer({ min: 1, max: 3 }), async (all, count) => {
      const slots = new Slots(count);
      let [atWork, most, ended, next] = [0, 0, 0, 0];
      const turn = async (turns: number): Promise<void> => {
        for (let done = 0; done < turns; done += 1) await Promise.resolve();
      };
      await new Promise<void>((resolve) => {
        const work = async (waits: readonly number[]): Promise<void> => {
          const at = (by: number): void => {
            atWork += by;
            most = Math.max(most, atWork);
          };
          at(1);
          for (const wait of waits) {
            await turn(wait);
            at(-1);
            await slots.without(() => turn(wait));
            at(1);
          }
          at(-1);
          ended += 1;
          slots.free();
          pump();
        };
        const pump = (): void => {
          while (next < all.length && slots.take()) void work(all[next++] ?? []);
          if (ended === all.length) resolve();
        };
        slots.attend(pump);
        pump();
      });
      assert.ok(most <= count, `${most} at work`);
      assert.equal(ended, all.length);
    }),
  );
});
