import { counted } from "../core/counted.ts";
import { MillraceError } from "../core/errors.ts";

export type RequestPart = "params" | "query" | "headers" | "body";

/** One mistake of a request, and where it is. */
export interface RequestMistake {
  readonly in: RequestPart;
  /** JSON pointer (RFC 6901) within the part: `/from`; empty for the part as a whole. */
  readonly path: string;
  readonly message: string;
  /** Kind of the mistake, stable: `invalid_type`, `too_small`, `unrecognized_keys`, … */
  readonly code: string;
}

/** REQUEST_INVALID with all mistakes of all parts. */
export class RequestInvalid extends MillraceError {
  readonly mistakes: readonly RequestMistake[];

  constructor(mistakes: readonly RequestMistake[]) {
    super("REQUEST_INVALID", { mistakes: counted(mistakes.length, "mistake") });
    this.mistakes = mistakes;
  }
}

/** A path as a JSON pointer. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
