import * as z from "zod";
import type { Log } from "../core/asset/run-context.ts";
import { MillraceError } from "../core/errors.ts";
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

function configOf({ name, config, site }: ResourceDefinition, given: unknown): unknown {
  if (config === undefined) return undefined;
  const parsed = z.core.safeParse(config, given ?? {});
  if (parsed.success) return parsed.data;
  const reason = z.core.prettifyError(parsed.error);
  throw new MillraceError(
    "RESOURCE_FAILED",
    { resource: name, reason },
    { place: { resource: name, ...site.place } },
  );
}
