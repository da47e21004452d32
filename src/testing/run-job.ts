import { runJob as runJobInProject } from "../control/jobs/run-job.ts";
import type { AnyAsset } from "../core/asset/asset-types.ts";
import type { RunConfig } from "../core/config/run-config.ts";
import { MillraceError } from "../core/errors.ts";
import { isJob, type JobDefinition } from "../core/job/job-definition.ts";
import type { AnyJob, JobConfigOf, JobOutputOf } from "../core/job/job.ts";
import type { PartitionKeyOf, Unpartitioned } from "../core/partition/partition-types.ts";
import { assetsBefore } from "./assets-before.ts";
import { definitionOf } from "./definition-of.ts";
import { clockAt } from "./fake-clock.ts";
import { makeBefore } from "./make-before.ts";
import { seedPrevious } from "./seed-previous.ts";
import type { RunTestOptions } from "./test-options.ts";
import { testProject } from "./test-project.ts";
import { testRun, type TestRun } from "./test-run.ts";
import { openTestWorld } from "./test-world.ts";

/** What a run of a job in a test did, and what came of it. */
export interface TestJobRun<Output> extends TestRun {
  /**
   * What the job gave.
   *
   * @throws an Error with every failure, where the run did not succeed
   */
  readonly output: Output;
}

/** What a test says of a run of any job. */
export interface JobTestOptions extends RunTestOptions {
  /** Config of its ops, assets and resources, by their names: `{ ops: { fetch_page: { size: 3 } } }`. */
  readonly runConfig?: Omit<RunConfig, "config">;
  readonly tags?: Readonly<Record<string, string>>;
  /** Assets that there are besides those the job names: what a text such as "group:daily" chooses from. */
  readonly assets?: readonly AnyAsset[];
}

type ConfigPart<J> =
  {} extends JobConfigOf<J> ? { readonly config?: JobConfigOf<J> } : { readonly config: JobConfigOf<J> };
type PartitionPart<J extends AnyJob> = J["partitions"] extends Unpartitioned
  ? { readonly partition?: undefined }
  : { readonly partition: PartitionKeyOf<J["partitions"]> };
/** What a test says of a run of this job: its own config, and its partition, where it has such. */
export type JobTestOptionsOf<J extends AnyJob> = JobTestOptions & ConfigPart<J> & PartitionPart<J>;
type Rest<J extends AnyJob> =
  {} extends JobTestOptionsOf<J> ? [options?: JobTestOptionsOf<J>] : [options: JobTestOptionsOf<J>];

interface AnyOptions extends JobTestOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly partition?: string;
}

/**
 * Runs a job in memory, as a test needs it: no state left behind, no wait between tries that takes time. What its ops and
 * assets read, and it does not make itself, is given, or made before.
 *
 * @returns also for a run that failed; look at `status`, or have `assertSucceeded` do so
 * @throws PROJECT_INVALID, CONFIG_INVALID, JOB_PARTITION_NEEDED and what else keeps a run from beginning
 * @example
 * await using run = await runJob(ingest, {
 *   config: { pages: 2 },
 *   ops: [instead(fetchPage, ({ input }) => ({ html: `page ${input.page}` }))],
 * });
 * assert.equal(run.output, "page 0 page 1");
 * assert.deepEqual(await run.gave(fetchPage), [{ html: "page 0" }, { html: "page 1" }]);
 */
export async function runJob<J extends AnyJob>(
  job: J,
  ...[given]: Rest<J>
): Promise<TestJobRun<JobOutputOf<J>>> {
  const definition: unknown = job;
  if (!isJob(definition)) {
    const reason = "the first argument is no job";
    throw new MillraceError("INVALID_OPTION", { what: "runJob", key: "job", reason });
  }
  const { run, output } = await runDefinition(definition, (given ?? {}) as AnyOptions);
  return {
    ...run,
    get output() {
      run.assertSucceeded();
      return output as JobOutputOf<J>;
    },
  };
}

/** Runs a job of whatever type. Its output is there where it has succeeded. */
export async function runDefinition(
  job: JobDefinition,
  options: AnyOptions,
): Promise<{ readonly run: TestRun; readonly output: unknown }> {
  const { assets = [], partition, config, runConfig, tags, signal } = options;
  const clock = clockAt(options.now);
  const named = assets.map((asset) => definitionOf(asset, "one of the assets"));
  const made = testProject({ job, assets: named, partition }, options);
  const before = await seedPrevious(options.previous, made.project, clock);
  const world = await openTestWorld(made.project, process.cwd(), clock, before);
  try {
    const { context } = world.open;
    const first = await assetsBefore(job.name, context);
    const configs = splitConfig(runConfig ?? {}, new Set(first.map(({ computation }) => computation.key)));
    await makeBefore(first, `the job ${job.name}`, context, configs.before);
    const { outcome } = await runJobInProject(
      {
        job: job.name,
        config: { ...configs.ofRun, ...(config === undefined ? {} : { config }) },
        ...(partition === undefined ? {} : { partition }),
      },
      context,
      { ...(tags === undefined ? {} : { tags }), ...(signal === undefined ? {} : { signal }) },
    );
    const what = `The run of ${job.name}`;
    const run = await testRun({ world, outcome, what, made });
    return { run, output: outcome?.output };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** What is made before the job takes its own. */
function splitConfig(
  given: Omit<RunConfig, "config">,
  before: ReadonlySet<string>,
): { readonly before: RunConfig; readonly ofRun: RunConfig } {
  const { assets, ...rest } = given;
  if (assets === undefined) return { before: {}, ofRun: rest };
  const all = Object.entries(assets);
  const part = (isBefore: boolean): Pick<RunConfig, "assets"> => {
    const own = all.filter(([key]) => before.has(key) === isBefore);
    return own.length === 0 ? {} : { assets: Object.fromEntries(own) };
  };
  return { before: part(true), ofRun: { ...rest, ...part(false) } };
}
