import {
  callable,
  anything,
  flag,
  isRecord,
  list,
  objectSchema,
  oneOf,
  schema,
  text,
  type OptionRule,
  type OptionRules,
} from "../option-rules.ts";
import { stepHooksRule } from "../hook/hook-rules.ts";
import { missingPolicies } from "../partition/missing-policy.ts";
import { isPartitionDefinition } from "../partition/partitions.ts";
import { isPlainObject } from "../plain-object.ts";
import { triggerRules } from "../run/trigger-rule.ts";
import { resourcesFor } from "../resource/used-resources.ts";
import { isAsset } from "./asset-definition.ts";

export const tags: OptionRule = {
  wanted: 'texts by name, for instance { tier: "1" }',
  fits: (value) => isRecord(value) && Object.values(value).every((tag) => typeof tag === "string"),
};
const owners: OptionRule = {
  wanted: "a list of e-mail addresses and team:names",
  fits: (value) =>
    Array.isArray(value) &&
    value.every((owner) => typeof owner === "string" && /^(team:.+|.+@.+)$/.test(owner)),
};
const metadata: OptionRule = {
  wanted: "what JSON holds, by name",
  // Values that do not fit are told one by one, in words of their own.
  fits: isPlainObject,
};
export const partitions: OptionRule = {
  wanted: "made by partitions.monthly, partitions.daily or partitions.static",
  fits: isPartitionDefinition,
};
const retryParts: OptionRules = {
  max: anything,
  delay: text,
  backoff: oneOf("constant", "linear", "exponential"),
  jitter: oneOf("none", "full"),
};
export const retry: OptionRule = {
  wanted:
    'a number of tries and how to wait, for instance { max: 3, delay: "2s", backoff: "linear", jitter: "full" }',
  fits: (value) =>
    isRecord(value) &&
    Object.entries(value).every(
      ([name, part]) =>
        Object.hasOwn(retryParts, name) && (part === undefined || retryParts[name]?.fits(part) === true),
    ),
};
const file: OptionRule = {
  wanted: 'a content type, for instance "application/pdf", or made by fileType',
  fits: (value) =>
    typeof value === "string" ||
    (isRecord(value) &&
      typeof value["extension"] === "string" &&
      typeof value["contentType"] === "string" &&
      ["undefined", "function"].includes(typeof value["load"])),
};
const source: OptionRule = {
  wanted: "made by source.parquet, source.csv, source.file, source.observed or source.reported",
  fits: (value) =>
    isRecord(value) &&
    typeof value["format"] === "string" &&
    (value["format"] === "reported" ||
      typeof value["observe"] === "function" ||
      (typeof value["path"] === "string" && value["path"] !== "")),
};

/** Assets by name, for the function that reads them. */
export function assetsFor(reader: string): OptionRule {
  return {
    wanted: `assets by the names that ${reader} uses, for instance { orders }`,
    fits: (value) => isRecord(value) && !isAsset(value),
  };
}

const described = { description: text, renamedFrom: text, group: text, tags, owners, metadata };
const tableOrFile = { columns: objectSchema, file };

export const externalAssetOptionRules: OptionRules = { ...described, ...tableOrFile, source };

/** How a step is tried. What is no duration is told in words of its own, and so is what `sql` and `run` are not. */
export const stepPolicyRules = { retry, timeout: anything };

const made = {
  deps: assetsFor("run"),
  resources: resourcesFor("run"),
  config: objectSchema,
  partitions,
  ...stepPolicyRules,
  hooks: stepHooksRule,
};
const madeBy = {
  triggerRule: oneOf(...triggerRules),
  missing: oneOf(...missingPolicies),
  codeVersion: text,
};
const content = { columns: objectSchema, value: schema, file };

export const assetOptionRules: OptionRules = {
  ...described,
  ...made,
  retention: anything,
  ...madeBy,
  ...content,
  sql: anything,
  run: anything,
  write: oneOf("replace", "append"),
  checks: list,
};

const { resources: _, deps: __, ...madeByGraph } = made;

/** Of an asset that a graph of ops makes. */
export const graphAssetOptionRules: OptionRules = {
  ...described,
  deps: assetsFor("its ops"),
  ...madeByGraph,
  retention: anything,
  ...madeBy,
  ...content,
  graph: callable,
  checks: list,
};

/** Of what several assets share that a graph of ops makes. */
export const graphMultiAssetOptionRules: OptionRules = {
  outputs: anything,
  deps: assetsFor("its ops"),
  ...madeByGraph,
  ...madeBy,
  graph: callable,
};

/** Of what a multi-asset's assets share. */
export const multiAssetOptionRules: OptionRules = {
  outputs: anything,
  ...made,
  ...madeBy,
  subset: flag,
  run: anything,
};

/** Of one of them. */
export const outputOptionRules: OptionRules = {
  key: text,
  ...described,
  ...content,
  retention: anything,
  optional: flag,
  checks: list,
};
