import { isRecord, type OptionRule } from "../option-rules.ts";

/** A table kept as metadata is to be looked at: more rows than these belong in an asset. */
export const mostTableRows = 500;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** What each kind that `meta` makes keeps as its value, once dates and what is nested in it are JSON. */
export const metadataKinds = {
  markdown: { wanted: "a text", fits: (value) => typeof value === "string" },
  // Metadata is shown to everybody and outlives what it is about: no place for a password, nor for a script.
  url: { wanted: "an absolute URL that neither holds a password nor runs a script", fits: isLink },
  path: { wanted: "a text that is not empty", fits: isText },
  timestamp: { wanted: "a Date that is a point in time", fits: isTime },
  run: { wanted: "the id of a run", fits: isText },
  asset: { wanted: "an asset or the key of one", fits: isText },
  table: {
    wanted: `a list of at most ${mostTableRows} rows, each an object with its cells by column`,
    fits: (value) => Array.isArray(value) && value.length <= mostTableRows && value.every(isRow),
  },
  tableSchema: {
    wanted:
      "a list of columns { name, type, nullable, description }, the last two if wanted, and no name twice",
    fits: isTableSchema,
  },
  columnLineage: {
    wanted: "for each column a list of what it is made of, each made by meta.column",
    fits: (value) => isRow(value) && Object.values(value).every(isOrigins),
  },
} as const satisfies Readonly<Record<string, OptionRule>>;

export type MetadataKind = keyof typeof metadataKinds;

export function isMetadataKind(kind: unknown): kind is MetadataKind {
  return typeof kind === "string" && Object.hasOwn(metadataKinds, kind);
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !Object.hasOwn(value, "$meta");
}

function isLink(value: unknown): boolean {
  const url = typeof value === "string" ? URL.parse(value) : null;
  return url !== null && url.password === "" && !/^(javascript|data|vbscript|blob):$/.test(url.protocol);
}

/** As `toISOString` writes it, so that equal times are equal texts. */
function isTime(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value;
}

function isTableSchema(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(isSchemaColumn) &&
    new Set(value.map(({ name }) => name)).size === value.length
  );
}

const columnParts = new Set(["name", "type", "nullable", "description"]);

function isSchemaColumn(value: unknown): value is { readonly name: string } {
  return (
    isRecord(value) &&
    Object.keys(value).every((part) => columnParts.has(part)) &&
    isText(value["name"]) &&
    isText(value["type"]) &&
    ["undefined", "boolean"].includes(typeof value["nullable"]) &&
    ["undefined", "string"].includes(typeof value["description"])
  );
}

function isOrigins(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (origin) =>
        isRecord(origin) &&
        Object.keys(origin).length === 2 &&
        isText(origin["asset"]) &&
        isText(origin["column"]),
    )
  );
}
