import { runConfigJsonSchema, type JsonSchema } from "../../core/config/config-json-schema.ts";
import { assetTakers, resourceTakers } from "../../core/config/config-takers.ts";
import type { ConfigTaker } from "../../core/config/run-config.ts";
import { nodesOf } from "../../core/graph/graph-nodes.ts";
import type { JobDefinition } from "../../core/job/job-definition.ts";
import { withNested } from "../../core/resource/resource-definition.ts";
import type { ControlContext } from "../control-context.ts";
import { chooseAssets } from "../planning/choose.ts";
import { ownTaker, usedResources } from "../runs/read-config.ts";
import { jobTakers } from "./job-takers.ts";

/**
 * The JSON Schema of the document that a run of a job is given: its own config, and that of its ops, of what it makes
 * and of what these work with. Of resources nothing is required, for the code may configure them.
 */
export async function jobSchema(job: JobDefinition, context: ControlContext): Promise<JsonSchema> {
  const { body } = job;
  const own = body.body === "graph" ? jobTakers(job, body.graph()) : undefined;
  const selections =
    body.body === "assets"
      ? [body.selection]
      : [...nodesOf(body.graph())].flatMap((node) => (node.node === "materialize" ? [node.selection] : []));
  const chosen = await Promise.all(selections.map((selection) => chooseAssets(selection, context)));
  const made = new Set(chosen.flat().map(({ computation }) => computation));
  const used = withNested([...(own?.resources ?? []), ...usedResources(made, context.project)]);
  return runConfigJsonSchema({
    job: own?.job ?? ownTaker(job.config),
    ops: own?.ops ?? new Map<string, ConfigTaker>(),
    assets: assetTakers(made, made),
    resources: resourceTakers(used, new Set(), new Map()),
  });
}
