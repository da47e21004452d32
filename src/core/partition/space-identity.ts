import type { TimeUnit } from "./calendar.ts";

/** Of a partitioning by time, as state keeps it. */
export function timeIdentity(unit: TimeUnit): string {
  return `time:${unit}:UTC`;
}

/** Undefined for a partitioning that is none by time. */
export function unitOfIdentity(identity: string): TimeUnit | undefined {
  return (["day", "month"] as const).find((unit) => timeIdentity(unit) === identity);
}
