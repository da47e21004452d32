import type * as z from "zod";
import type { Problem } from "../brand.ts";
import type { AnySchema } from "../schema.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Route = `${Method} /${string}`;

/** Names after a colon, up to the next slash (or dot, so that `/x/:id.csv` works). */
type Segment<S extends string> = S extends `:${infer Name}.${string}`
  ? Name
  : S extends `:${infer Name}`
    ? Name
    : never;
export type PathNames<S extends string> = S extends `${infer Head}/${infer Tail}`
  ? Segment<Head> | PathNames<Tail>
  : Segment<S>;

/** A message, when the keys of `params` are not the names in the path. */
export type ParamsFit<R extends string, P extends AnySchema> = [P] extends [never]
  ? unknown
  : [Exclude<PathNames<R>, keyof z.input<P>>] extends [never]
    ? [Exclude<keyof z.input<P>, PathNames<R>>] extends [never]
      ? unknown
      : Problem<`the path "${R}" has no :${Exclude<keyof z.input<P>, PathNames<R>> & string}`>
    : Problem<`the path "${R}" has :${Exclude<PathNames<R>, keyof z.input<P>>}, which params lacks`>;
export type PathParams<R extends string, P extends AnySchema> = [P] extends [never]
  ? { readonly [K in PathNames<R>]: string }
  : z.output<P>;

/** The names after a colon in a path, at run time. */
export function pathNames(path: string): readonly string[] {
  return [...path.matchAll(/:([A-Za-z_][A-Za-z0-9_]*)/g)].map((match) => match[1] ?? "");
}
