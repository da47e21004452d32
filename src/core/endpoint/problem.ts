/**
 * Thrown by a handler: ends the request with an RFC 9457 problem document.
 *
 * @example
 * if (airport === undefined) throw problem(404, "No such airport", { iata });
 */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  readonly status: number;
  readonly title: string;
  /** Further members of the document. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(status: number, title: string, extensions: Readonly<Record<string, unknown>>) {
    super(title);
    this.status = status;
    this.title = title;
    this.extensions = extensions;
  }
}

/**
 * A problem for a handler to throw.
 *
 * @param status 400 to 599
 * @param title What is wrong, for people; the same for every occurrence of the problem
 * @param extensions Members added to the document: `detail` and your own
 * @throws RangeError for any other status
 */
export function problem(
  status: number,
  title: string,
  extensions: Readonly<Record<string, unknown>> = {},
): RequestProblem {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new RangeError(`problem: the status ${status} is not between 400 and 599`);
  }
  return new RequestProblem(status, title, extensions);
}
