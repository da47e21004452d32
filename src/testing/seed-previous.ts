import { materialize } from "../control/runs/materialize.ts";
import { MillraceError } from "../core/errors.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { GivenContent } from "./given.ts";
import { testProject } from "./test-project.ts";
import { openTestWorld, type TestWorld } from "./test-world.ts";

/**
 * A world in which appending assets have these rows already; undefined when none are given.
 *
 * @throws INVALID_OPTION for what the test's project does not append to; RESULT_MISMATCH for rows that do not fit
 */
export async function seedPrevious(
  previous: readonly GivenContent[],
  { assets }: ProjectDefinition,
  now: number | undefined,
): Promise<TestWorld | undefined> {
  if (previous.length === 0) return undefined;
  for (const { asset } of previous) {
    if (asset.appends && assets.some(({ key }) => key === asset.key)) continue;
    const reason = asset.appends ? "it is not made in this test" : 'it does not have write: "append"';
    throw new MillraceError("INVALID_OPTION", { what: "previous", key: asset.key, reason });
  }
  const targets = [...new Set(previous.map(({ asset }) => asset))];
  const { project } = testProject({ targets, endpoints: [], contents: previous, assetChecks: [] });
  const world = await openTestWorld(project, process.cwd(), now);
  const { outcome } = await materialize({ selection: "*" }, world.open.context);
  const [failure] = outcome?.failed ?? [];
  if (failure === undefined) return world;
  await world.close();
  throw new MillraceError("RESULT_MISMATCH", { step: failure.step, reason: failure.reason });
}
