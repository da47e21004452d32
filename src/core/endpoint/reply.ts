import type { Covariant, Tagged } from "../brand.ts";

/** One answer with its status and headers. */
export interface Reply<out Body> extends Tagged<"reply">, Covariant<Body> {}

export class ReplyValue {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/**
 * An answer with another status than 200, or with headers of its own. Its body is checked against `returns`, unless the
 * headers name a content type: a text or bytes then go out as they are.
 */
export function reply<const Body>(
  status: number,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
): Reply<Body> {
  return new ReplyValue(status, body, headers) as ReplyValue & Reply<Body>;
}
