import type { AssetDefinition } from "../asset/asset-definition.ts";
import type { EndpointDefinition } from "../endpoint/endpoint-definition.ts";
import { changes, type Change } from "./change.ts";
import { statuses, type Status } from "./status.ts";

/** What a selection chooses from. */
export type SelectionNode = AssetDefinition | EndpointDefinition;

export function isEndpointNode(node: SelectionNode): node is EndpointDefinition {
  return "route" in node;
}

/** What has to be looked up before an attribute can be told; asked for only where a selection uses it. */
export interface SelectionFacts {
  readonly status?: ReadonlyMap<AssetDefinition, ReadonlySet<Status>>;
  readonly changed?: ReadonlyMap<AssetDefinition, ReadonlySet<Change>>;
}

interface Attribute {
  /** What it selects, for those who are choosing one. */
  readonly selects: string;
  /** What one node has of it: texts, for a tag each with its value. */
  readonly of: (node: SelectionNode, facts: SelectionFacts) => Iterable<readonly [string, string?]>;
  /** All there can be; else it is whatever the definitions say. */
  readonly oneOf?: readonly string[];
  /** `name=value` asks for both. */
  readonly paired?: true;
  /** Known only with these facts. What holds now need not hold for anything, so that matching nothing is no mistake. */
  readonly fact?: keyof SelectionFacts;
}

const ofFact =
  (fact: keyof SelectionFacts): Attribute["of"] =>
  (node, facts) =>
    isEndpointNode(node) ? [] : [...(facts[fact]?.get(node) ?? [])].map((one): [string] => [one]);

const ofAssets =
  (texts: (asset: AssetDefinition) => readonly (string | undefined)[]): Attribute["of"] =>
  (node) =>
    isEndpointNode(node)
      ? []
      : texts(node).flatMap((text): [string][] => (text === undefined ? [] : [[text]]));

/** What can be asked for by `name:value`. A new attribute is a row here. */
const table = {
  key: { selects: "the asset with this key", of: ofAssets(({ key }) => [key]) },
  group: { selects: "assets of a group", of: ofAssets(({ group }) => [group]) },
  tag: {
    selects: "assets with a tag, and with =value those with this value of it",
    of: (node) => (isEndpointNode(node) ? [] : Object.entries(node.tags)),
    paired: true,
  },
  owner: { selects: "assets of an owner", of: ofAssets(({ owners }) => owners) },
  kind: {
    selects: "assets of a kind",
    of: ofAssets(({ kind }) => [kind]),
    oneOf: ["table", "value", "file"],
  },
  column: {
    selects: "tables with a column of this name",
    of: ofAssets(({ columns }) => (columns === undefined ? [] : Object.keys(columns._zod.def.shape))),
  },
  endpoint: {
    selects: "the endpoint with this route or name",
    of: (node): [string][] => {
      if (!isEndpointNode(node)) return [];
      return node.name === undefined ? [[node.route]] : [[node.route], [node.name]];
    },
  },
  status: {
    selects: "assets of which this holds now, for one partition at least",
    of: ofFact("status"),
    oneOf: statuses,
    fact: "status",
  },
  changed: {
    selects: "assets that are defined otherwise than in the base of the environment",
    of: ofFact("changed"),
    oneOf: changes,
    fact: "changed",
  },
} satisfies Readonly<Record<string, Attribute>>;

export type AttributeName = keyof typeof table;

export const attributes: Readonly<Record<AttributeName, Attribute>> = table;

export const attributeNames = Object.keys(table) as readonly AttributeName[];

export function isAttributeName(name: string): name is AttributeName {
  return Object.hasOwn(table, name);
}
