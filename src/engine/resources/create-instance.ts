import { retryDelay } from "../../core/asset/retry.ts";
import type { Log } from "../../core/asset/run-context.ts";
import { formatDuration } from "../../core/duration.ts";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import type { ResourceDefinition } from "../../core/resource/resource-definition.ts";
import type { Clock } from "../../ports/clock.ts";
import { OutOfTime, withinTime } from "../within-time.ts";
import { Disposers, patienceMs } from "./disposers.ts";

/** What an instance is made of. */
export interface Creation {
  readonly definition: ResourceDefinition;
  /** Instances of what it is made of, by the names that it uses. */
  readonly nested: object;
  readonly config: unknown;
  readonly log: Log;
  readonly clock: Clock;
  /** Keeps secrets out of what it failed with. */
  readonly redact: (text: string) => string;
}

export interface CreatedInstance {
  readonly instance: unknown;
  readonly disposers: Disposers;
}

/**
 * Makes an instance and asks whether it is fit; tries again as its policy says. Each try that failed has disposed what it
 * deferred before the next begins.
 *
 * @throws RESOURCE_FAILED; CANCELED when `signal` is aborted
 */
export async function createInstance(creation: Creation, signal: AbortSignal): Promise<CreatedInstance> {
  const { definition, log, clock, redact } = creation;
  const { name, retry } = definition;
  for (let tries = 1; ; tries += 1) {
    const disposers = new Disposers(name, log);
    try {
      const instance = await create(creation, disposers, signal);
      if (signal.aborted) throw new MillraceError("CANCELED");
      await checkHealth(definition, instance, log, signal);
      return { instance, disposers };
    } catch (error) {
      await disposers.dispose();
      if (signal.aborted) throw new MillraceError("CANCELED");
      const reason = redact(reasonOf(error));
      if (tries > retry.max) throw resourceFailed(definition, reason, error);
      const delayMs = retryDelay(retry, tries, Math.random);
      log.warn(`The resource ${name} is tried again in ${formatDuration(delayMs)}: ${reason}`);
      await clock.sleep(delayMs, signal).catch(() => undefined);
      if (signal.aborted) throw new MillraceError("CANCELED");
    }
  }
}

async function create(
  { definition, nested, config, log }: Creation,
  { defer }: Disposers,
  signal: AbortSignal,
): Promise<unknown> {
  const given = definition.config === undefined ? {} : { config };
  const context = Object.freeze({ ...given, log, signal, defer });
  const creating = (async () => definition.create(nested, context))();
  let giveUp: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  // Code that was told to stop gets the time to do so; what it has opened is closed after that, or else under it.
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      giveUp = setTimeout(() => reject(new MillraceError("CANCELED")), patienceMs);
    };
  });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([creating, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(giveUp);
  }
}

/** @throws when the instance is not fit, with the reason as its message */
export async function checkHealth(
  { check }: ResourceDefinition,
  instance: unknown,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  if (check === undefined) return;
  let fit: unknown;
  try {
    fit = await withinTime(patienceMs, signal, async (limited) => check(instance, { log, signal: limited }));
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof OutOfTime ? `longer than ${formatDuration(patienceMs)}` : reasonOf(error);
    throw new Error(`its check ${error instanceof OutOfTime ? "took" : "failed:"} ${reason}`, {
      cause: error,
    });
  }
  if (fit === false) throw new Error("its check gave false");
}

function resourceFailed({ name, site }: ResourceDefinition, reason: string, cause: unknown): MillraceError {
  const place = { resource: name, ...site.place };
  return new MillraceError("RESOURCE_FAILED", { resource: name, reason }, { place, cause });
}
