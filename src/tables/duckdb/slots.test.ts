import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Slots } from "./slots.ts";

const patient = { running: 2, waiting: Infinity, patienceMs: Infinity };

suite("slots", () => {
  test("never let more run at once than there are, and let all run in the order they came", async () => {
    const slots = new Slots(patient);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        slots.run(undefined, async () => {
          running += 1;
          most = Math.max(most, running);
          order.push(index);
          await new Promise(setImmediate);
          running -= 1;
        }),
      ),
    );
    assert.equal(most, 2);
    assert.deepEqual(
      order,
      Array.from({ length: 20 }, (_, index) => index),
    );
  });

  test("are free again after work that failed and after a wait that was canceled", async () => {
    const slots = new Slots({ ...patient, running: 1 });
    await assert.rejects(
      slots.run(undefined, () => Promise.reject(new RangeError("mine"))),
      RangeError,
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    const running = slots.run(undefined, () => promise);
    const controller = new AbortController();
    const waiting = slots.run(controller.signal, () => Promise.resolve("ran"));
    controller.abort();
    await assert.rejects(waiting, { code: "CANCELED" });
    resolve();
    await running;
    assert.equal(await slots.run(undefined, () => Promise.resolve("ran")), "ran");
  });
});
