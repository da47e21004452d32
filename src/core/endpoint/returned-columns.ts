import * as z from "zod";
import { columnsOf } from "../column/columns-of.ts";
import type { AnyObject, AnySchema } from "../schema.ts";

/** The schema of a row, where a list of objects is returned. */
export function rowSchema(returns: AnySchema | undefined): AnyObject | undefined {
  const { def } = (unwrapped(returns) as z.core.$ZodTypes | undefined)?._zod ?? {};
  return def?.type === "array" ? objectSchema(def.element) : undefined;
}

export function objectSchema(schema: AnySchema | undefined): AnyObject | undefined {
  const found = unwrapped(schema);
  return found instanceof z.core.$ZodObject ? found : undefined;
}

function unwrapped(schema: AnySchema | undefined): AnySchema | undefined {
  return schema instanceof z.core.$ZodReadonly ? schema._zod.def.innerType : schema;
}

/** What of an answer has no form on the wire, in words: what SQL and TypeScript give has one table (N30). */
export function returnFlaws(returns: AnySchema): readonly string[] {
  const flaws = listRules(returns).map(
    (rule) => `the list has the rule ${rule}, which nothing checks on SQL`,
  );
  const schema = rowSchema(returns) ?? objectSchema(returns) ?? z.object({ answer: returns });
  // An object that says nothing is one all the same, though no row.
  if (Object.keys(schema._zod.def.shape).length === 0) return flaws;
  for (const { details } of columnsOf("", schema).problems) {
    const { column = "", type, rule = "" } = details;
    flaws.push(type === undefined ? `${column} has the rule ${rule}` : `${column} is ${type}`);
  }
  return flaws;
}

function listRules(returns: AnySchema): readonly string[] {
  const def = (unwrapped(returns) as z.core.$ZodTypes | undefined)?._zod.def;
  if (def?.type !== "array" || objectSchema(def.element) === undefined) return [];
  return (def.checks ?? []).map((check) => check._zod.def.check);
}
