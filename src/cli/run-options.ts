import { Option, type Command } from "commander";
import type { MaterializeOptions } from "../control/runs/materialize.ts";
import { claimPolicies, type ClaimPolicy } from "../core/run/claim-policy.ts";
import { publishPolicies, type PublishPolicy } from "../core/run/publish-policy.ts";
import { addConfigOptions, type ConfigFlags } from "./config-options.ts";
import { timeLimitOption } from "./time-limit-option.ts";

/** How a run is to go, whatever it is a run of. */
export interface RunFlags extends ConfigFlags {
  readonly explain?: boolean;
  readonly mermaid?: boolean;
  readonly new?: boolean;
  readonly publish?: PublishPolicy;
  readonly claims: ClaimPolicy;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly force?: boolean;
}

/** The options of every command that starts a run. */
export function addRunOptions(command: Command, publishDefault: string): Command {
  command
    .option("--explain", "print what would be done and why, and do nothing")
    .addOption(new Option("--mermaid", "with --explain, as a Mermaid flowchart").implies({ explain: true }))
    .addOption(
      new Option("--new", "start over, even where an interrupted run could be continued").conflicts(
        "explain",
      ),
    )
    .addOption(
      new Option(
        "--publish <when>",
        `publish all that passed at the end of the run, or each step as soon as it has passed (default: ${publishDefault}, or as the interrupted run began)`,
      ).choices(publishPolicies),
    )
    .addOption(
      new Option(
        "--claims <policy>",
        "of a step whose place another run is writing: wait for it, skip it, or fail",
      )
        .choices(claimPolicies)
        .default("fail"),
    )
    .option(
      "--timeout <duration>",
      "how long its steps may take together, such as 30m or 2h; those at work then fail",
      timeLimitOption,
    )
    .option("--force", "publish also what was made from older inputs than what is current");
  return addConfigOptions(command);
}

/** What they say to whoever runs it. */
export function runOptions({
  new: fresh = false,
  publish,
  claims,
  timeout,
  force = false,
}: RunFlags): MaterializeOptions {
  return {
    fresh,
    claims,
    force,
    ...(publish === undefined ? {} : { publish }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
  };
}
