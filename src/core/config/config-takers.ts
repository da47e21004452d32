import type { Computation } from "../asset/computation.ts";
import type { ConfigTaker } from "./run-config.ts";

/**
 * The assets of a project as takers of config, by the keys of their computations: those made together share one.
 *
 * @param needed What the run makes
 */
export function assetTakers(
  computations: Iterable<Computation>,
  needed: ReadonlySet<Computation>,
): ReadonlyMap<string, ConfigTaker> {
  return new Map(
    Array.from(computations, (computation) => [
      computation.key,
      {
        ...(computation.config === undefined ? {} : { schema: computation.config }),
        needed: needed.has(computation),
      },
    ]),
  );
}
