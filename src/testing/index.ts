/** The test kit: assets and endpoints in memory, without a server. */
export { callEndpoint } from "./call-endpoint.ts";
export type { EndpointAnswer } from "./call-endpoint.ts";
export { given } from "./given.ts";
export type { GivenAsset } from "./given.ts";
export { instead } from "./instead.ts";
export type { InsteadOf, TestResource } from "./instead.ts";
export { materialize } from "./materialize.ts";
export type { MaterializeResult, TestOptions } from "./materialize.ts";
