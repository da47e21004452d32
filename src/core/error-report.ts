import { asMillraceError, type ErrorPlace } from "./errors.ts";

/** An error as plain data: what crosses processes, and what `--json` prints. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly place: ErrorPlace;
  /** What to do next. */
  readonly fix: string;
  /** True when the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Further mistakes found in the same go. */
  readonly problems: readonly ErrorReport[];
  /** What may have been meant, the likeliest first; absent where nothing is near. */
  readonly suggestions?: readonly string[];
}

/** Whatever was thrown, as a report. What Millrace did not throw on purpose has the code INTERNAL. */
export function reportError(thrown: unknown): ErrorReport {
  const error = asMillraceError(thrown);
  return {
    code: error.code,
    // The list in the message of PROJECT_INVALID is told again, better, by its problems.
    message: error.problems.length > 0 ? (error.message.split(":\n")[0] ?? error.message) : error.message,
    place: error.place,
    fix: error.fix,
    retryable: error.retryable,
    problems: error.problems.map(reportError),
    ...(error.suggestions.length === 0 ? {} : { suggestions: error.suggestions }),
  };
}
