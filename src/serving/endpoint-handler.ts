import { MillraceError } from "../core/errors.ts";
import { preferredMediaType } from "../http/media-type.ts";
import { Exchange } from "./exchange.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { Answered, EndpointRequest, ServingContext } from "./serving-context.ts";

/** Answers one request of an endpoint. Errors are thrown: whoever calls makes problem documents of them. */
export async function handleEndpoint(
  context: ServingContext,
  served: ServedEndpoint,
  request: EndpointRequest,
): Promise<Answered> {
  const { message } = request;
  const mediaType = request.mediaType ?? preferredMediaType(message.headers.accept, served.offered);
  if (mediaType === undefined)
    throw new MillraceError("NOT_ACCEPTABLE", { offered: served.offered.join(" or ") });
  const reading = served.reader.read(request);
  const parsed = reading instanceof Promise ? await reading : reading;
  const { head, unconfirmed } = await context.heads.read();
  const found = context.views.view(head, served);
  const view = found instanceof Promise ? await found : found;
  const exchange = new Exchange(context, served, request, parsed, view, mediaType, unconfirmed);
  try {
    return await exchange.answer();
  } catch (error) {
    throw exchange.failure(error);
  } finally {
    exchange.end();
  }
}
