import { MillraceError } from "../core/errors.ts";

interface FrameworkError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
}

export interface FailedRequest {
  readonly contentType: string | undefined;
  readonly bodyLimit: number;
}

/** What Fastify itself refuses, as an error of the table; anything else is given back as it is. */
export function frameworkFailure(thrown: unknown, { contentType, bodyLimit }: FailedRequest): unknown {
  if (!(thrown instanceof Error) || thrown instanceof MillraceError) return thrown;
  const { code, statusCode } = thrown as FrameworkError;
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new MillraceError("BODY_TOO_LARGE", { limit: bodyLimit });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new MillraceError("MEDIA_TYPE_UNSUPPORTED", { type: contentType ?? "(none named)" });
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new MillraceError("BODY_NOT_JSON", { reason: "it is empty" });
    default:
      // Everything else that it blames on the request: a length that does not fit, an address that cannot be decoded.
      return typeof code === "string" &&
        code.startsWith("FST_") &&
        typeof statusCode === "number" &&
        statusCode < 500
        ? new MillraceError("REQUEST_MALFORMED", { reason: thrown.message })
        : thrown;
  }
}
