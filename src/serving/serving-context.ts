import type { IncomingMessage, ServerResponse } from "node:http";
import type { RawRequest } from "../http/request-reader.ts";
import type { HeadReader } from "./head-reader.ts";
import type { RequestWork } from "./request-work.ts";
import type { ServedResources } from "./served-resources.ts";
import type { ServingOptions } from "./serving-options.ts";
import type { SnapshotViews } from "./snapshot-views.ts";

/** What all endpoints of a server share. */
export interface ServingContext {
  readonly options: ServingOptions;
  readonly heads: HeadReader;
  readonly views: SnapshotViews;
  readonly resources: ServedResources;
  /** Requests that are under way and can be stopped. */
  readonly running: Set<RequestWork>;
  readonly now: () => number;
}

export interface EndpointRequest extends RawRequest {
  readonly id: string;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  /** What the path's extension asks for; without one, `Accept` decides. */
  readonly mediaType: string | undefined;
}

/** How a request was answered, for metrics. */
export interface Answered {
  readonly status: number;
  readonly rowCount?: number;
}
