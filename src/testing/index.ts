/** The test kit: assets, ops, jobs and endpoints in memory, without a server. */
export { callEndpoint } from "./call-endpoint.ts";
export type { EndpointAnswer } from "./call-endpoint.ts";
export { callOp } from "./call-op.ts";
export type { OpTestOptionsOf, TestOpCall } from "./call-op.ts";
export { fakeClock } from "./fake-clock.ts";
export type { FakeClock, TestTime } from "./fake-clock.ts";
export { given } from "./given.ts";
export type { GivenAsset } from "./given.ts";
export type { InsteadOfOp } from "./given-ops.ts";
export type { InsteadOf, TestResource } from "./given-resources.ts";
export { instead } from "./instead.ts";
export type { InsteadOfRun } from "./instead.ts";
export { materialize } from "./materialize.ts";
export { runJob } from "./run-job.ts";
export type { JobTestOptions, JobTestOptionsOf, TestJobRun } from "./run-job.ts";
export type { RunTestOptions, TestOptions } from "./test-options.ts";
export type { LogLine, TestRun, TestStep } from "./test-run.ts";
