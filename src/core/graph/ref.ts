import type { Contravariant, Covariant, Tagged } from "../brand.ts";

/* oxlint-disable no-explicit-any -- refs of whatever job and value are meant; variance forbids unknown in places */

/**
 * Callable on paper only: that makes `if (ref)` and `ref ? … : …` an error of the compiler (TS2774). Calling it, or using
 * it as a value in any other way that can be noticed, throws REF_COERCED.
 */
interface RefCore<out T, in Job> extends Tagged<"ref">, Covariant<T>, Contravariant<Job> {
  (aRefHasNoValueYet: "use when() or match() to branch on a ref"): never;
}
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ((...args: never[]) => unknown)
  | readonly unknown[]
  | ReadonlyMap<any, any>
  | ReadonlySet<any>;
/** What is callable has `length` and `name` of its own; nobody may read those by mistake. */
interface NoFunctionMembers {
  readonly length: "a ref has no value yet";
  readonly name: "a ref has no value yet";
}
type Fields<T, Job> = [T] extends [Leaf]
  ? NoFunctionMembers
  : { readonly [K in keyof T & string]: Ref<T[K], Job> } & Omit<NoFunctionMembers, keyof T>;

/**
 * What a step will give, before it has. `ref.field` is a ref of the field, so that a result can be taken apart.
 *
 * `Job` is the name of the job or graph whose function made it. A ref of one does not fit in another. `Ref<T>` without it,
 * for a function that helps several, fits everywhere: that it is of the right one is then seen when the project is loaded.
 */
export type Ref<T, Job = any> = RefCore<T, Job> & Fields<T, Job>;

declare const maybe: unique symbol;
interface MaybeSkipped {
  readonly [maybe]: true;
}
/** A ref whose step may be skipped. What is given it is skipped then, too; `orElse` and `firstOf` make up for it. */
export type MaybeRef<T, Job = any> = Ref<T, Job> & MaybeSkipped;

/** What may be given where T is wanted: a T, a ref of one, or a structure with refs anywhere inside. */
export type Refs<T, Job> = RefCore<T, Job> | Structure<T, Job>;
type Structure<T, Job> = unknown extends T
  ? T
  : T extends Exclude<Leaf, readonly unknown[]>
    ? T
    : T extends readonly (infer U)[]
      ? number extends T["length"]
        ? readonly Refs<U, Job>[]
        : { readonly [K in keyof T]: Refs<T[K], Job> }
      : { readonly [K in keyof T]: Refs<T[K], Job> };
/**
 * The input of an op by its fields. One ref of the whole fits too, for it has those fields. No union at the top: so the
 * compiler names the field that is missing or misspelt.
 */
export type Input<In, Job> = { readonly [K in keyof In]: Refs<In[K], Job> };

/** The type of a structure once its refs have their values. */
export type Settled<R> =
  R extends RefCore<infer T, any>
    ? T
    : R extends Exclude<Leaf, readonly unknown[]> | PromiseLike<unknown>
      ? R
      : R extends readonly unknown[]
        ? { -readonly [K in keyof R]: Settled<R[K]> }
        : R extends object
          ? { -readonly [K in keyof R]: Settled<R[K]> }
          : R;

/** What a graph may give back: refs of its own, in any structure. */
export type GraphOutput<Job> =
  | void
  | null
  | string
  | number
  | boolean
  | RefCore<unknown, Job>
  | readonly GraphOutput<Job>[]
  | { readonly [key: string]: GraphOutput<Job> };
/** Where a result is wrong the compiler falls back to the constraint, which is recursive: stop there, else TS2589 follows. */
export type GraphResult<O, Job> = [GraphOutput<Job>] extends [O] ? unknown : Settled<O>;

export type AnyRef<Job = any> = RefCore<unknown, Job>;
export type ListRef<Job> = RefCore<readonly unknown[], Job>;
/** What a list, or a ref of one, holds. */
export type ItemOf<L> =
  L extends RefCore<readonly (infer T)[], any> ? T : L extends readonly (infer T)[] ? Settled<T> : never;
/* oxlint-enable no-explicit-any */
