import type { Log } from "../core/asset/run-context.ts";
import { configInvalid } from "../core/config/config-mistakes.ts";
import { parseConfig } from "../core/config/parse-config.ts";
import type { ResourceDefinition } from "../core/resource/resource-definition.ts";
import type { Clock } from "../ports/clock.ts";
import type { ResourcePool } from "../ports/resource-pool.ts";

/** The resources of an opened project. */
export interface ProjectResources {
  /** The instances of this process; made ready when first asked for. */
  pool(): Promise<ResourcePool>;
  close(): Promise<void>;
}

export function projectResources(options: {
  readonly clock: Clock;
  /** For what concerns no run; standard error when absent. */
  readonly log?: Log | undefined;
  readonly instead: ReadonlyMap<ResourceDefinition, unknown>;
}): ProjectResources {
  let pool: Promise<ResourcePool> | undefined;
  const open = async (): Promise<ResourcePool> => {
    const { clock, instead } = options;
    const [{ openResourcePool }, log] = await Promise.all([
      import("../engine/resources/resource-pool.ts"),
      options.log ?? processLog(),
    ]);
    return openResourcePool({ clock, instead, log, configOf });
  };
  return {
    pool: () => (pool ??= open()),
    async close() {
      await (await pool)?.close();
    },
  };
}

async function processLog(): Promise<Log> {
  const [{ processLogger }, { handlerLog }] = await Promise.all([
    import("./process-log.ts"),
    import("../serving/handler-context.ts"),
  ]);
  return handlerLog(processLogger(), {});
}

function configOf({ name, config }: ResourceDefinition, given: unknown): unknown {
  const parsed = parseConfig(config, given, `resources.${name}`, process.env);
  if (parsed.ok) return parsed.value;
  throw configInvalid(parsed.problems);
}
