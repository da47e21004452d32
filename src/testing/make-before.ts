import type { ControlContext } from "../control/control-context.ts";
import { materialize } from "../control/runs/materialize.ts";
import { isExternal, type AssetDefinition } from "../core/asset/asset-definition.ts";
import type { RunConfig } from "../core/config/run-config.ts";

/**
 * Makes what something in a test reads, from what is given or as it is made.
 *
 * @param reader What reads it, in words
 */
export async function makeBefore(
  assets: readonly AssetDefinition[],
  reader: string,
  context: ControlContext,
  config?: RunConfig,
): Promise<void> {
  const selection = assets.filter((asset) => !isExternal(asset)).map((asset) => `key:${asset.key}`);
  if (selection.length === 0) return;
  const { outcome } = await materialize(
    { selection: selection.join(" "), ...(config === undefined ? {} : { config }) },
    context,
  );
  const [failure] = outcome?.failed ?? [];
  if (failure !== undefined) throw new Error(`What ${reader} reads could not be made: ${failure.reason}`);
}
