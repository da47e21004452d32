import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../ports/clock.ts";

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  sleep: async (milliseconds: number, signal?: AbortSignal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
});
