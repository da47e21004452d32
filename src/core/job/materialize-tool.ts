import { DefinitionSite } from "../definition-site.ts";
import { callOptions, orderRules, waitedFor } from "../graph/call-order.ts";
import { refTo } from "../graph/recorded-ref.ts";
import type { Frame, Recording } from "../graph/recording.ts";
import { takeTemplate } from "../graph/take-template.ts";
import { anything, type OptionRule } from "../option-rules.ts";
import { assetSelection } from "./asset-selection.ts";

interface Given {
  readonly name?: unknown;
  readonly after?: unknown;
  readonly partition?: unknown;
}

const rules: Readonly<Record<keyof Given, OptionRule>> = { ...orderRules, partition: anything };

/** Of jobs alone: what a graph makes anybody may call, wherever it is. */
export function materializeTool(recording: Recording): (assets: unknown, given?: unknown) => unknown {
  return function materialize(assets, given) {
    const site = DefinitionSite.above(materialize);
    recording.mustBeAtWork("materialize", site);
    const options = callOptions<Given>(recording, given, rules, {
      what: "call of",
      key: "materialize",
      site,
    });
    const id = recording.nameFor("materialize", options.name, site);
    const map = mapAround(recording.frame);
    if (map !== undefined) recording.report("MATERIALIZE_IN_MAP", { map: map.what }, site);
    const selected = assetSelection(assets, (reason) => {
      recording.report("INVALID_OPTION", { what: "step", key: id, reason }, site);
    });
    recording.add({
      node: "materialize",
      ...recording.base(id, site, waitedFor(recording, options.after, id, site)),
      ...selected,
      ...(options.partition === undefined
        ? {}
        : { partition: takeTemplate(recording, options.partition, { what: id, name: "partition", site }) }),
    });
    return refTo(id, recording.frame);
  };
}

function mapAround(at: Frame): Frame | undefined {
  for (let frame: Frame | undefined = at; frame !== undefined; frame = frame.around) {
    if (frame.kind === "map") return frame;
  }
  return undefined;
}
