import type { DefinitionSite } from "../definition-site.ts";
import { anything, callable, type OptionRule } from "../option-rules.ts";
import { callOptions } from "./call-order.ts";
import type { GraphNode, Template } from "./graph-data.ts";
import { resultWithin } from "./graph-result.ts";
import { refTo } from "./recorded-ref.ts";
import type { Frame, Recording } from "./recording.ts";
import { takeTemplate } from "./take-template.ts";

interface Given {
  readonly key?: (item: unknown) => unknown;
  readonly concurrency?: number;
  readonly name?: unknown;
}

const rules: Readonly<Record<keyof Given, OptionRule>> = {
  name: anything,
  key: callable,
  concurrency: {
    wanted: "a whole number from 1 on",
    fits: (value) => Number.isInteger(value) && Number(value) >= 1,
  },
};

/** A map: its body is written down once, for an item that stands for each. */
export function recordMap(
  recording: Recording,
  list: unknown,
  each: (item: unknown, index: unknown) => unknown,
  given: unknown,
  site: DefinitionSite,
): unknown {
  const { frame } = recording;
  const { name, key, concurrency } = callOptions<Given>(recording, given, rules, {
    what: "call of",
    key: "map",
    site,
  });
  const id = recording.nameFor("map", name, site, ["item", "index"]);
  const over = listOf(recording, takeTemplate(recording, list, { what: id, name: "list", site }), id, site);
  const nodes: GraphNode[] = [];
  const body: Frame = {
    ...frame,
    kind: "map",
    what: `the map ${id}`,
    around: frame,
    nodes,
    // The map itself is guarded, and waits.
    guard: undefined,
    after: [],
  };
  const standIn = (part: string): unknown => refTo(`${id}.${part}`, body);
  const output = resultWithin(recording, body, () => each(standIn("item"), standIn("index")), site);
  recording.add({
    node: "map",
    ...recording.base(id, site),
    list: over,
    body: Object.freeze({ nodes: Object.freeze(nodes), output }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(key === undefined ? {} : { key }),
  });
  return refTo(id, frame);
}

/** What is surely no list is told here; of a ref it is seen when there is a value. */
function listOf(recording: Recording, list: Template, id: string, site: DefinitionSite): Template {
  const isList = list.template === "value" ? Array.isArray(list.value) : list.template !== "record";
  if (isList) return list;
  const found = list.template === "value" ? shown(list.value) : "a record";
  recording.report("MAP_NOT_A_LIST", { map: id, found }, site);
  return { template: "list", items: [] };
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return "a record";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}
