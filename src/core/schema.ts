import type * as z from "zod";

/** Any zod schema, by its core interface: cheap to infer from, and zod/mini works too. */
export type AnySchema = z.core.$ZodType;
export type AnyObject = z.core.$ZodObject;

/** What a column can hold, as it is met in JavaScript. */
export type ColumnValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | null
  | readonly ColumnValue[]
  | { readonly [field: string]: ColumnValue };
