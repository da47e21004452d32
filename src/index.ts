/** Millrace: define assets, the endpoints that serve them and the jobs around them, in one graph. */
export { asset, externalAsset } from "./core/asset/asset.ts";
export type {
  AssetOptions,
  ComputationOptions,
  DescriptionOptions,
  FileResult,
  Owner,
  TableResult,
} from "./core/asset/asset.ts";
export type {
  AnyAsset,
  Dependencies,
  FileAsset,
  HandleOf,
  Handles,
  RowOf,
  TableAsset,
  ValueAsset,
  ValueOf,
} from "./core/asset/asset-types.ts";
export { graphAsset, graphMultiAsset } from "./core/asset/graph-asset.ts";
export type { GraphAssetContext, GraphComputationOptions } from "./core/asset/graph-asset.ts";
export { multiAsset } from "./core/asset/multi-asset.ts";
export type { OutputAssets, OutputOptions, OutputResults } from "./core/asset/multi-asset.ts";
export { fileType } from "./core/asset/file-type.ts";
export type { FileType, StoredFile } from "./core/asset/file-type.ts";
export type { FileHandle, Query, TableHandle, ValueHandle, ValuesHandle } from "./core/asset/handle.ts";
export type { RetryOptions } from "./core/asset/retry.ts";
export type {
  Log,
  AppendContext,
  AttemptContext,
  CheckpointContext,
  RunContext,
  StepContext,
  MultiRunContext,
  OutputContext,
} from "./core/asset/run-context.ts";
export type { FailedStepEnd, RunEnd, RunHooks, StepEnd, StepHooks } from "./core/hook/hook.ts";
export type { FailedStep, Failure, RunOutcome } from "./core/run/run-progress.ts";
export { neverRetry, retryAfter } from "./core/run/retry-request.ts";
export { skip } from "./core/asset/skip.ts";
export type { Skipped } from "./core/asset/skip.ts";
export { source } from "./core/asset/source.ts";
export type { Source } from "./core/asset/source.ts";
export { assetCheck, assetChecks } from "./core/check/asset-check.ts";
export type { AssetCheck } from "./core/check/asset-check.ts";
export { check } from "./core/check/check.ts";
export type { Check } from "./core/check/check.ts";
export type {
  CheckBehaviour,
  CheckOptions,
  CheckSeverity,
  RecordCheckOptions,
} from "./core/check/check-options.ts";
export type { CheckResult } from "./core/check/check-result.ts";
export { decimal } from "./core/column/decimal.ts";
export type { RunConfig } from "./core/config/run-config.ts";
export { secret } from "./core/config/secret.ts";
export { endpoint } from "./core/endpoint/endpoint.ts";
export type {
  AnyEndpoint,
  Endpoint,
  EndpointContext,
  EndpointOptions,
  HandlerResult,
  RequestContext,
} from "./core/endpoint/endpoint.ts";
export { page } from "./core/endpoint/page.ts";
export type { Page, PageOptions } from "./core/endpoint/page.ts";
export { problem } from "./core/endpoint/problem.ts";
export { reply } from "./core/endpoint/reply.ts";
export type { Reply } from "./core/endpoint/reply.ts";
export type { Method, Route } from "./core/endpoint/route.ts";
export { MillraceError } from "./core/errors.ts";
export type { ErrorCode, ErrorPlace } from "./core/errors.ts";
export { graph } from "./core/graph/graph.ts";
export type {
  Graph,
  GraphCallOptions,
  GraphContext,
  GraphOptions,
  GraphWithoutInput,
} from "./core/graph/graph.ts";
export type { GraphTools, MapOptions } from "./core/graph/graph-tools.ts";
export type { AnyRef, GraphOutput, Input, MaybeRef, Ref, Refs, Settled } from "./core/graph/ref.ts";
export { job } from "./core/job/job.ts";
export type {
  AnyJob,
  AssetSelection,
  Job,
  JobConfigOf,
  JobContext,
  JobOptions,
  JobOutputOf,
  MaterializeOptions,
} from "./core/job/job.ts";
export { op } from "./core/op/op.ts";
export type {
  CallOptions,
  Op,
  OpContext,
  OpNamed,
  OpOptions,
  OpWithoutInput,
  OrderOptions,
} from "./core/op/op.ts";
export { partitions } from "./core/partition/partitions.ts";
export type { TimeOptions } from "./core/partition/partitions.ts";
export type {
  AnyPartitions,
  KeyPartition,
  Param,
  PartitionKeyOf,
  StaticPartitions,
  TimePartition,
  TimePartitions,
  Unpartitioned,
} from "./core/partition/partition-types.ts";
export { meta } from "./core/metadata/meta.ts";
export type { ColumnOrigin, SchemaColumn } from "./core/metadata/meta.ts";
export type { MetadataKind } from "./core/metadata/metadata-kinds.ts";
export type { MetadataValue, StoredMetadata, TypedMetadata } from "./core/metadata/metadata-value.ts";
export { defineProject } from "./core/project/project.ts";
export type { Project, ProjectOptions } from "./core/project/project.ts";
export { env } from "./core/config/env.ts";
export type { EnvironmentVariable, WithVariables } from "./core/config/env.ts";
export type { ConfiguredResource } from "./core/resource/configured-resource.ts";
export { resource } from "./core/resource/resource.ts";
export type {
  CreateContext,
  HealthContext,
  Inputs,
  InstanceOf,
  Instances,
  Resource,
  Resources,
} from "./core/resource/resource.ts";
export type { TriggerRule } from "./core/run/trigger-rule.ts";
export { sql } from "./core/sql/sql.ts";
export type { Interpolation, Sql, SqlOne, SqlTag } from "./core/sql/sql.ts";
