import { materialize } from "../control/runs/materialize.ts";
import { MillraceError } from "../core/errors.ts";
import type { ProjectDefinition } from "../core/project/project.ts";
import type { Clock } from "../ports/clock.ts";
import type { GivenAsset } from "./given.ts";
import { contentsOf } from "./test-options.ts";
import { testProject } from "./test-project.ts";
import { openTestWorld, type TestWorld } from "./test-world.ts";

/**
 * A world in which appending assets have these rows already; undefined when none are given.
 *
 * @throws INVALID_OPTION for what the test's project does not append to; RESULT_MISMATCH for rows that do not fit
 */
export async function seedPrevious(
  given: readonly GivenAsset[] | undefined,
  { assets }: ProjectDefinition,
  clock: Clock,
): Promise<TestWorld | undefined> {
  const previous = contentsOf(given);
  if (given === undefined || previous.length === 0) return undefined;
  for (const { asset } of previous) {
    if (asset.appends && assets.some(({ key }) => key === asset.key)) continue;
    const reason = asset.appends ? "it is not made in this test" : 'it does not have write: "append"';
    throw new MillraceError("INVALID_OPTION", { what: "previous", key: asset.key, reason });
  }
  const targets = [...new Set(previous.map(({ asset }) => asset))];
  const { project } = testProject({ assets: targets }, { given });
  const world = await openTestWorld(project, process.cwd(), clock);
  const { outcome } = await materialize({ selection: "*" }, world.open.context);
  const [failure] = outcome?.failed ?? [];
  if (failure === undefined) return world;
  await world.close();
  throw new MillraceError("RESULT_MISMATCH", { step: failure.step, reason: failure.reason });
}
