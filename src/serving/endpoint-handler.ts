import { MillraceError } from "../core/errors.ts";
import { preferredMediaType } from "../http/media-type.ts";
import { askedSnapshot, findAskedSnapshot } from "./asked-snapshot.ts";
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
  const asked = askedSnapshot(message.headers);
  const { head, unconfirmed } =
    asked === undefined
      ? await context.heads.read()
      : { head: await findAskedSnapshot(asked, context.options), unconfirmed: false };
  const found =
    asked === undefined ? context.views.view(head, served) : context.views.viewAsked(head, served);
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
