import type { Verification } from "../../control/versions/verify.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { shortId } from "../text/short-id.ts";

/** What `millrace verify` prints. */
export function verificationText({ snapshot, versions, damaged }: Verification): readonly string[] {
  const read = `${counted(versions, "version")} of snapshot ${snapshot}`;
  if (damaged.length === 0) return [`${paint("green", "●")} ${read}: all as written`];
  return [
    ...damaged.map(({ asset, partition, version, reason }) => {
      const place = partition === undefined ? asset : `${asset}[${partition}]`;
      return `${paint("red", "●")} ${place} version ${shortId(version)}: ${reason}`;
    }),
    "",
    `${read}: ${damaged.length} damaged`,
    "materialize them again, with --full-refresh what appends; what lies there is not served as if it were fine",
  ];
}
