import { MillraceError } from "../core/errors.ts";

/** Nobody waits for the work any longer. */
export class OutOfTime extends Error {}

/**
 * Waits for user code no longer than it may take. Its signal is aborted then; code that does not listen to it is left
 * to itself.
 *
 * @throws OutOfTime; CANCELED when `outer` is aborted
 */
export async function withinTime<T>(
  limitMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (outer.aborted) throw new MillraceError("CANCELED");
  const stop = new AbortController();
  let cancel = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: Error): void => {
      reject(reason);
      stop.abort(reason);
    };
    cancel = () => end(new MillraceError("CANCELED"));
    timer = setTimeout(() => end(new OutOfTime()), limitMs);
  });
  outer.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([work(stop.signal), ended]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", cancel);
  }
}
