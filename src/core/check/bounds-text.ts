import { thousands } from "../counted.ts";

type Bound = number | bigint | string | Date;

/** Bounds in words. */
export interface BoundsText {
  /** "1 to 100,000". */
  readonly wanted: string;
  /** Of values that keep them: "within 1 to 100,000", "at least 1". */
  readonly inside: string;
  /** Of values that do not: "outside 1 to 100,000", "below 1". */
  readonly outside: string;
}

export function boundsText({ min, max }: { readonly min?: Bound; readonly max?: Bound }): BoundsText {
  if (min !== undefined && max !== undefined) {
    const wanted = shown(min) === shown(max) ? shown(min) : `${shown(min)} to ${shown(max)}`;
    return { wanted, inside: `within ${wanted}`, outside: `outside ${wanted}` };
  }
  const [bound = "", word, beyond] =
    max === undefined ? ([min, "least", "below"] as const) : ([max, "most", "above"] as const);
  const wanted = `at ${word} ${shown(bound)}`;
  return { wanted, inside: wanted, outside: `${beyond} ${shown(bound)}` };
}

function shown(bound: Bound): string {
  if (bound instanceof Date) return bound.toISOString();
  if (typeof bound === "string") return bound;
  // Four digits are as likely a year as an amount.
  return bound > -10_000 && bound < 10_000 ? String(bound) : thousands(bound);
}
