import { configIdentity } from "../core/config/config-identity.ts";
import { configInvalid } from "../core/config/config-mistakes.ts";
import { secretsIn } from "../core/config/config-secrets.ts";
import { parseConfig } from "../core/config/parse-config.ts";
import { Redactor } from "../core/config/redactor.ts";
import { resolveVariables, type Variables } from "../core/config/variables.ts";
import { MillraceError } from "../core/errors.ts";
import type { Log } from "../core/asset/run-context.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import {
  missingVariables,
  resourceSettings,
  type ResourceSettings,
} from "../core/project/resource-settings.ts";
import type { ResourceDefinition } from "../core/resource/resource-definition.ts";
import { NotSerializable } from "../core/serial/serialize.ts";
import type { Clock } from "../ports/clock.ts";
import type { ResourcePool } from "../ports/resource-pool.ts";
import { invalidProject } from "./load-project.ts";

/** The resources of a project in one environment. */
export class ProjectResources {
  readonly #options: ProjectResourcesOptions;
  #settings: ResourceSettings | undefined;
  #redactor: Redactor | undefined;
  #pool: Promise<ResourcePool> | undefined;

  constructor(options: ProjectResourcesOptions) {
    this.#options = options;
  }

  /**
   * What they are configured with, when all of it is there.
   *
   * @throws ENVIRONMENT_VARIABLES_MISSING, PROJECT_INVALID
   */
  configs(): ResourceSettings["configs"] {
    const { variables } = this.#options;
    const { configs, problems } = this.settings;
    if (problems.length > 0) throw invalidProject(problems);
    const missing = missingVariables({ configs }, variables);
    if (missing !== undefined) throw missing;
    return configs;
  }

  /** The same, whatever is missing or wrong. */
  get settings(): ResourceSettings {
    const { project, environment } = this.#options;
    return (this.#settings ??= resourceSettings(project, environment));
  }

  /** All that is wrong with the settings: with what they are, with variables, with what does not fit a resource. */
  mistakes(): readonly MillraceError[] {
    const { variables } = this.#options;
    const { configs, problems } = this.settings;
    const missing = missingVariables({ configs }, variables)?.problems ?? [];
    const misfits = [...configs.values()].flatMap(({ resource, config, site }) => {
      const { name } = resource;
      const parsed = parseConfig(resource.config, config, `resources.${name}`, variables);
      if (parsed.ok) return [];
      // Variables are told above, with the places where they are named.
      return parsed.problems.flatMap(({ code, details, place, suggestions }) => {
        const where = { resource: name, ...site.place, ...place };
        return code === "CONFIG_VARIABLE_MISSING"
          ? []
          : [new MillraceError(code, details, { place: where, suggestions })];
      });
    });
    return [...problems, ...missing, ...misfits];
  }

  /** @throws CONFIG_INVALID */
  configOf(resource: ResourceDefinition): Readonly<Record<string, unknown>> {
    const { name, config } = resource;
    const given = this.settings.configs.get(resource)?.config;
    const parsed = parseConfig(config, given, `resources.${name}`, this.#options.variables);
    if (!parsed.ok) throw configInvalid(parsed.problems);
    return parsed.value;
  }

  /** What a resource is configured with, as it may be kept: without secrets. Also where something is missing. */
  told(resource: ResourceDefinition): unknown {
    const { name, config } = resource;
    const given = this.settings.configs.get(resource)?.config;
    const { variables } = this.#options;
    const parsed = parseConfig(config, given, name, variables);
    const whole = parsed.ok ? parsed.value : resolveVariables(config, given, variables, name).value;
    try {
      return JSON.parse(configIdentity(config, whole, given)) as unknown;
    } catch (error) {
      if (error instanceof NotSerializable) return undefined;
      throw error;
    }
  }

  /** Keeps out of what the process tells what the project calls secret. */
  get redactor(): Redactor {
    return (this.#redactor ??= new Redactor(this.#secrets()));
  }

  #secrets(): readonly string[] {
    const { variables } = this.#options;
    return [...this.settings.configs].flatMap(([{ name, config: schema }, { config }]) => {
      const { value } = resolveVariables(schema, config, variables, `resources.${name}`);
      return secretsIn(schema, value);
    });
  }

  /**
   * The instances of this process; made ready when first asked for.
   *
   * @throws ENVIRONMENT_VARIABLES_MISSING, PROJECT_INVALID
   */
  pool(): Promise<ResourcePool> {
    return (this.#pool ??= this.#openPool());
  }

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined);
    await pool?.close();
  }

  async #openPool(): Promise<ResourcePool> {
    this.configs();
    const { clock } = this.#options;
    const [{ openResourcePool }, log] = await Promise.all([
      import("../engine/resources/resource-pool.ts"),
      this.#options.log ?? processLog(this.redactor),
    ]);
    return openResourcePool({
      clock,
      log,
      redact: (text) => this.redactor.text(text),
      configOf: (resource) => this.configOf(resource),
    });
  }
}

export interface ProjectResourcesOptions {
  readonly project: ProjectDefinition;
  readonly environment: string;
  readonly variables: Variables;
  readonly clock: Clock;
  /** For what concerns no run; standard error when absent. */
  readonly log?: Log | undefined;
}

async function processLog(redactor: Redactor): Promise<Log> {
  const [{ processLogger }, { handlerLog }] = await Promise.all([
    import("./process-log.ts"),
    import("../serving/handler-context.ts"),
  ]);
  return handlerLog(processLogger(redactor), {});
}
