import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { RequestProblem } from "../core/endpoint/problem.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { ClientLeft } from "./request-work.ts";

/** What a handler threw. Problems and errors of ours go on as they are; anything else means that the handler failed. */
export function handlerFailure({ route, site }: EndpointDefinition, thrown: unknown): unknown {
  if (thrown instanceof RequestProblem || thrown instanceof MillraceError || thrown instanceof ClientLeft)
    return thrown;
  const place = { endpoint: route, ...site.place };
  return new MillraceError("HANDLER_FAILED", { reason: reasonOf(thrown) }, { place, cause: thrown });
}
