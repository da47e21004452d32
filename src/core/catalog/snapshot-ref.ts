import { MillraceError } from "../errors.ts";

/** How a person or a program says which snapshot is meant. */
export type SnapshotRef =
  | { readonly by: "number"; readonly number: number }
  | { readonly by: "name"; readonly name: string }
  /** The newest one that was published at or before then, in milliseconds since the epoch. */
  | { readonly by: "time"; readonly time: number }
  | { readonly by: "token"; readonly environment: string; readonly epoch?: string; readonly number: number };

/** Which snapshot it is, in every environment and for ever (N13). */
export interface SnapshotToken {
  readonly environment: string;
  readonly epoch: string;
  readonly number: number;
}

/** `main@0f3c…:12`. */
export function snapshotToken({ environment, epoch, number }: SnapshotToken): string {
  return `${environment}@${epoch}:${number}`;
}

const pinName = /^[A-Za-z][\w.-]{0,99}$/;

/** A name begins with a letter, so it is never taken for a number or a time. @throws SNAPSHOT_NAME_INVALID */
export function checkPinName(name: string): void {
  if (!pinName.test(name)) throw new MillraceError("SNAPSHOT_NAME_INVALID", { name: shown(name) });
}

/**
 * Reads `12`, `main@12` or a whole token, a pinned name, or a time in ISO 8601: a day (its first instant in UTC), or a
 * day and a time of day with its zone.
 *
 * @throws SNAPSHOT_INVALID
 */
export function parseSnapshotRef(text: string): SnapshotRef {
  const invalid = (reason: string): never => {
    throw new MillraceError("SNAPSHOT_INVALID", { snapshot: shown(text), reason });
  };
  const number = (digits: string): number => {
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : invalid("the number is too large");
  };
  if (/^\d+$/.test(text)) return { by: "number", number: number(text) };
  const [, environment, epoch, digits] = /^([^@:\s]+)@(?:([\w-]+):)?(\d+)$/.exec(text) ?? [];
  if (environment !== undefined && digits !== undefined) {
    return { by: "token", environment, ...(epoch === undefined ? {} : { epoch }), number: number(digits) };
  }
  if (pinName.test(text)) return { by: "name", name: text };
  if (!/^\d{4}-/.test(text)) return invalid("it is neither a number, a token, a name nor a time");
  return { by: "time", time: parseTime(text) ?? invalid(timeProblem(text)) };
}

const isoTime =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2}))?$/;

/** Of a day or an instant; undefined when it is none. The time of day has to have a zone. */
function parseTime(text: string): number | undefined {
  const [, day, hour = "0", minute = "0", second = "0"] = isoTime.exec(text) ?? [];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Engines take the 30th of February for a day in March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : time;
}

function timeProblem(text: string): string {
  return /^\d{4}-\d{2}-\d{2}[Tt][\d:.]+$/.test(text)
    ? "the time has no zone; end it with Z or +02:00"
    : "there is no such time; write it like 2026-11-22T10:00:00Z";
}

/** It may be anything: a header, an argument of a megabyte. */
function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
