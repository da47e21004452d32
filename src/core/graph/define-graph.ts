import { isDefinitionName } from "../definition-name.ts";
import { DefinitionSite } from "../definition-site.ts";
import { MillraceError } from "../errors.ts";
import { callable, fittingOptions, isRecord, objectSchema, text, type OptionRules } from "../option-rules.ts";
import type { AnyObject } from "../schema.ts";
import { callGraph, type GraphDefinition } from "./call-graph.ts";

interface Given {
  readonly description?: string;
  readonly input?: AnyObject;
  readonly config?: AnyObject;
  readonly graph?: GraphDefinition["graph"];
}

const optionRules: OptionRules = {
  description: text,
  input: objectSchema,
  config: objectSchema,
  graph: callable,
};

/** What `graph` gives: a function that writes its steps down wherever it is called. */
export function defineGraph(givenName: unknown, given: unknown, site: DefinitionSite): object {
  const problems: MillraceError[] = [];
  const name = typeof givenName === "string" ? givenName : "";
  const invalid = (reason: string): void => {
    const details = { what: "graph", key: name === "" ? '""' : name, reason };
    problems.push(new MillraceError("INVALID_OPTION", details, { place: site.place }));
  };
  if (!isDefinitionName(givenName)) {
    const details = { what: "a graph", name: JSON.stringify(givenName) ?? "undefined" };
    problems.push(new MillraceError("INVALID_NAME", details, { place: site.place }));
  }
  const { input, config, graph } = fittingOptions(given as Given, optionRules, invalid);
  if (!isRecord(given) || given["graph"] === undefined) invalid("it needs graph, a function");
  const definition: GraphDefinition = Object.freeze({
    name,
    graph: graph ?? (() => undefined),
    ...(input === undefined ? {} : { input }),
    ...(config === undefined ? {} : { config }),
    problems,
    site,
  });
  const called = (callInput?: unknown, options?: unknown): unknown =>
    callGraph(definition, callInput, options, DefinitionSite.above(called));
  return Object.freeze(called);
}
