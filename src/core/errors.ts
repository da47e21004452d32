import { errorTable, type ErrorCode } from "./errors/error-table.ts";

export type { ErrorCode };

/** Where an error happened, as far as it is known. */
export interface ErrorPlace {
  readonly asset?: string;
  readonly partition?: string;
  readonly endpoint?: string;
  readonly job?: string;
  readonly resource?: string;
  readonly file?: string;
  readonly line?: number;
  /** Path of the offending request or config field. */
  readonly field?: string;
  /** A character of a selection, counted from 1. */
  readonly selection?: { readonly text: string; readonly position: number };
}

type Details = Readonly<Record<string, string | number>>;

/** An error with a code of {@link errorTable}. Everything Millrace throws on purpose is one of these. */
export class MillraceError extends Error {
  override readonly name = "MillraceError";
  readonly code: ErrorCode;
  readonly details: Details;
  readonly place: ErrorPlace;
  /** Further mistakes found in the same go. */
  readonly problems: readonly MillraceError[];
  /** What may have been meant, the likeliest first. */
  readonly suggestions: readonly string[];

  constructor(
    code: ErrorCode,
    details: Details = {},
    options: {
      place?: ErrorPlace;
      cause?: unknown;
      problems?: readonly MillraceError[];
      suggestions?: readonly string[];
    } = {},
  ) {
    super(
      filledIn(errorTable[code].message, details),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = details;
    this.place = options.place ?? {};
    this.problems = options.problems ?? [];
    this.suggestions = options.suggestions ?? [];
  }

  get status(): number {
    return errorTable[this.code].status;
  }
  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
  /** What to do next. */
  get fix(): string {
    return filledIn(errorTable[this.code].fix, this.details);
  }
}

function filledIn(sentence: string, details: Details): string {
  return sentence.replace(/\{(\w+)(?::(\d+))?\}/g, (_, name: string, letters?: string) => {
    const detail = String(details[name] ?? "?");
    return letters === undefined ? detail : detail.slice(0, Number(letters));
  });
}

/** Whatever was thrown, as an error of ours: one that nobody foresaw is a mistake of Millrace itself. */
export function asMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  return new MillraceError("INTERNAL", { reason: reasonOf(thrown) }, { cause: thrown });
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
