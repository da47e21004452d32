import type { FastifyInstance } from "fastify";
import { MillraceError, reasonOf } from "../core/errors.ts";

/** JSON is UTF-8 (RFC 8259); anything else is refused rather than read with holes in it. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Bodies are JSON, of `application/json` and of every `application/…+json`; any other type is refused. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i,
    { parseAs: "buffer" },
    (_, body, done) => {
      try {
        done(null, parseJson(body));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  );
}

/** @throws BODY_NOT_JSON */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new MillraceError("BODY_NOT_JSON", { reason: "it is empty" });
  try {
    return JSON.parse(utf8.decode(body));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : `it is not UTF-8 (${reasonOf(error)})`;
    throw new MillraceError("BODY_NOT_JSON", { reason });
  }
}
