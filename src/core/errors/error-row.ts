/** What the table holds for one code. */
export interface ErrorRow {
  /** The sentence; `{name}` is replaced by the detail of that name, `{name:8}` by its first 8 letters (of an id). */
  readonly message: string;
  /** Status of the problem document, should the error surface over HTTP. */
  readonly status: number;
  /** True when the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** What the reader can do now. */
  readonly fix: string;
}

export const row = (message: string, status: number, fix: string, retryable = false): ErrorRow => ({
  message,
  status,
  retryable,
  fix,
});
