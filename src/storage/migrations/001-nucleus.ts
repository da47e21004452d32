import { assets } from "./001-nucleus/assets.ts";
import { environments } from "./001-nucleus/environments.ts";
import { evaluations } from "./001-nucleus/evaluations.ts";
import { events } from "./001-nucleus/events.ts";
import { files } from "./001-nucleus/files.ts";
import { observations } from "./001-nucleus/observations.ts";
import { pointers } from "./001-nucleus/pointers.ts";
import { runs } from "./001-nucleus/runs.ts";
import { servers } from "./001-nucleus/servers.ts";
import { versions } from "./001-nucleus/versions.ts";

/**
 * Everything is keyed by project and environment.
 *
 * Ranges of partitions are half open, `range_from` ≤ ordinal < `range_to`; so are the snapshots for which a pointer or
 * an aggregate holds, `valid_from` ≤ number < `valid_to`, where null means: still.
 */
export const nucleus = [
  // A table comes after those that it references.
  environments,
  assets,
  runs,
  versions,
  files,
  pointers,
  evaluations,
  observations,
  events,
  servers,
].join("");
