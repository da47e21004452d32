import { resolve } from "node:path";
import { rootEnvironment } from "../core/catalog/environment-name.ts";
import type { ControlContext } from "../control/control-context.ts";
import type { Log } from "../core/asset/run-context.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { parseDuration } from "../core/duration.ts";
import { knownAsset } from "../core/plan/known-asset.ts";
import type { Clock } from "../ports/clock.ts";
import type { State } from "../ports/state.ts";
import { crashPointsFrom } from "./crash-points.ts";
import { environmentCode } from "./environment-code.ts";
import { externalSources } from "./external-sources.ts";
import { inProcessLauncher } from "./in-process-launcher.ts";
import type { LoadedProject } from "./load-project.ts";
import { openEnvironment } from "./open-environment.ts";
import { localProcesses } from "./process-table.ts";
import { ProjectResources } from "./project-resources.ts";
import { registerProject } from "./register-project.ts";
import { openStateAt, stateAddress } from "./state-address.ts";
import { systemClock } from "./system-clock.ts";

/** Long enough for a busy machine, short enough to wait for. Tests of what comes after shorten it with `MILLRACE_LEASE`. */
const defaultLeaseMs = 15_000;

/** A loaded project over its state and data. */
export interface OpenProject {
  readonly loaded: LoadedProject;
  readonly context: ControlContext;
  /** Folder of the data. */
  readonly data: string;
  readonly resources: ProjectResources;
  /** As it is in this environment. */
  readonly endpointCodeVersionOf: (endpoint: EndpointDefinition) => string;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** One that there is; when absent, the one that `MILLRACE_ENV` names, or else the root. */
  readonly environment?: string | undefined;
  /** The environment that a project begins with; "main" when absent. */
  readonly root?: string;
  /** Instead of the state that the project or `MILLRACE_STATE` names. */
  readonly state?: State;
  /** Environment variables; the process's own when absent. */
  readonly variables?: NodeJS.ProcessEnv;
  /** The system's when absent. */
  readonly clock?: Clock;
  /** Instead of the folder that the project or `MILLRACE_DATA` names. */
  readonly data?: string;
  /** For what concerns no run; standard error when absent. */
  readonly log?: Log;
}

/**
 * Opens a project's state, giving every asset its lasting id there. The engine is opened by the first run, so that
 * commands that only look cost nothing of it.
 *
 * @throws STATE_UNAVAILABLE, STATE_TOO_NEW, ENVIRONMENT_NOT_FOUND
 */
export async function openProject(loaded: LoadedProject, options: OpenOptions = {}): Promise<OpenProject> {
  const { project, directory } = loaded;
  const variables = options.variables ?? process.env;
  const where = variables["MILLRACE_STATE"] ?? project.state ?? ".millrace";
  const address = options.state === undefined ? stateAddress(where, directory) : undefined;
  const state = options.state ?? (await openStateAt(stateAddress(where, directory)));
  const clock = options.clock ?? systemClock;
  try {
    const scope = await openEnvironment(state, project.name, {
      root: options.root ?? rootEnvironment,
      wanted: options.environment ?? (variables["MILLRACE_ENV"] || undefined),
    });
    const known = await registerProject(project, scope, state);
    const data =
      options.data ?? resolve(directory, variables["MILLRACE_DATA"] ?? project.data ?? ".millrace/data");
    const sources = externalSources(directory, async (asset) => {
      const { assetId } = knownAsset(known, asset);
      return (await state.observations.latest(scope, [assetId])).get(assetId);
    });
    const resources = new ProjectResources({
      project,
      environment: scope.environment,
      variables,
      clock,
      log: options.log,
    });
    const code = environmentCode(loaded, (resource) => resources.told(resource));
    const crashPoints = crashPointsFrom(variables);
    const launcher = inProcessLauncher({
      openResources: () => resources.pool(),
      scope,
      state,
      data,
      sources,
      clock,
      crashPoints,
      address,
      known,
      checksOf: (asset) => project.checks.get(asset) ?? [],
      codeVersionOf: code.codeVersionOf,
      opCodeVersionOf: code.opCodeVersionOf,
      defaults: project.policy,
      hooks: project.hooks,
    });
    const context: ControlContext = {
      project,
      graph: loaded.graph,
      scope,
      state,
      known,
      sources,
      launcher,
      checker: launcher,
      processes: localProcesses(),
      clock,
      variables,
      resourceConfigs: () => resources.configs(),
      leaseMs: parseDuration(variables["MILLRACE_LEASE"] ?? "") ?? defaultLeaseMs,
      crashPoints,
      openStore: async () => {
        const { openDirectoryStore } = await import("../tables/directory-store.ts");
        return openDirectoryStore({ root: data });
      },
      codeVersionOf: code.codeVersionOf,
      jobCodeVersionOf: loaded.jobCodeVersionOf,
      code: code.code,
    };
    return {
      loaded,
      context,
      data,
      resources,
      endpointCodeVersionOf: code.endpointCodeVersionOf,
      async close() {
        await resources.close();
        await launcher.close();
        await state.close();
      },
    };
  } catch (error) {
    await state.close();
    throw error;
  }
}
