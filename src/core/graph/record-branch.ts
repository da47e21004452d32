import type { DefinitionSite } from "../definition-site.ts";
import type { Template } from "./graph-data.ts";
import { resultWithin } from "./graph-result.ts";
import { refTo } from "./recorded-ref.ts";
import type { Recording } from "./recording.ts";
import { takeTemplate } from "./take-template.ts";

/** What is called in a case belongs to it: a node before it decides, and stands for what the case has come to. */
export function recordBranch(
  recording: Recording,
  name: "when" | "match",
  on: unknown,
  cases: Readonly<Record<string, () => unknown>>,
  site: DefinitionSite,
): unknown {
  const { frame } = recording;
  const id = recording.nameFor(name, undefined, site);
  const at = frame.nodes.length;
  const decided = takeTemplate(recording, on, { what: id, name: "condition", site });
  const results = Object.entries(cases).map(([one, work]): readonly [string, Template] => [
    one,
    resultWithin(
      recording,
      {
        ...frame,
        kind: "branch",
        what: `the case ${one} of ${id}`,
        around: frame,
        guard: Object.freeze({ branch: id, case: one }),
      },
      work,
      site,
    ),
  ]);
  recording.add(
    {
      node: "branch",
      ...recording.base(id, site),
      on: decided,
      cases: Object.freeze(Object.fromEntries(results)),
    },
    at,
  );
  return refTo(id, frame);
}
