import type * as z from "zod";
import type { AnyObject } from "../schema.ts";

/** What a function gets besides where its definition has a config: `config`, parsed, with its defaults. */
export type ConfigPart<S extends AnyObject> = [S] extends [never] ? {} : { readonly config: z.output<S> };
