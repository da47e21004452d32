import { Option, type Command } from "commander";
import type { RunConfig } from "../core/config/run-config.ts";

export interface ConfigFlags {
  readonly config?: readonly string[];
  readonly set?: readonly string[];
}

/** `--config` and `--set`, for every command that starts a run. */
export function addConfigOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--config <file>",
        "what the run is given: a JSON or YAML file, or JSON itself; of several the later says",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--set <path=value>",
        "one value of it, in YAML, after all files: assets.flights.pages=3",
      ).argParser(collect),
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * What the flags say together; undefined where they say nothing. Whether it fits is for the run to find out.
 *
 * @throws CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function configOf({ config = [], set = [] }: ConfigFlags): Promise<RunConfig | undefined> {
  if (config.length === 0 && set.length === 0) return undefined;
  const { readConfigSources } = await import("./config-sources.ts");
  return readConfigSources(config, set);
}
