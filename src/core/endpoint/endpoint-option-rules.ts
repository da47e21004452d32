import { assetsFor } from "../asset/asset-option-rules.ts";
import { resourcesFor } from "../resource/used-resources.ts";
import {
  anything,
  isRecord,
  objectSchema,
  oneOf,
  schema,
  text,
  texts,
  type OptionRule,
  type OptionRules,
} from "../option-rules.ts";

const exists: OptionRule = {
  wanted: 'a title and the SQL that asks for it, for instance { title: "No such shop", sql: … }',
  fits: (value) =>
    isRecord(value) && typeof value["title"] === "string" && typeof value["sql"] === "function",
};

export const endpointOptionRules: OptionRules = {
  description: text,
  tags: texts,
  name: text,
  // These two and the handler are told in words of their own.
  timeLimit: anything,
  maxRows: anything,
  cache: oneOf("vouched"),
  codeVersion: text,
  params: objectSchema,
  query: objectSchema,
  headers: objectSchema,
  body: schema,
  reads: assetsFor("handler"),
  resources: resourcesFor("handler"),
  returns: schema,
  exists,
  handler: anything,
};
