import type { AnyRef, ItemOf, ListRef, MaybeRef, Ref, Settled } from "./ref.ts";

export interface MapOptions<T> {
  /** Names an item in the names of its steps and across attempts at the run; its place in the list when absent. */
  readonly key?: (item: T) => string | number;
  /** Items at work at once. When absent as many as the run allows. */
  readonly concurrency?: number;
  /** Its name in the graph; `map`, `map_2` and so on when absent. */
  readonly name?: string;
}

/** What a graph function is given to put steps together, besides calling ops. */
export interface GraphTools<Job> {
  /**
   * Does the same for each item of a list that need not be known yet. Passing the result on collects it: a list in the
   * order of the items, without those that were skipped. An item that fails fails the map; the others run on.
   */
  readonly map: <const L extends ListRef<Job> | readonly unknown[], const R>(
    list: L,
    each: (item: Ref<ItemOf<NoInfer<L>>, Job>, index: Ref<number, Job>) => R,
    options?: MapOptions<ItemOf<NoInfer<L>>>,
  ) => Ref<Settled<R>[], Job>;
  /** Does what `then` says if the condition holds, and otherwise what `otherwise` says; what is not done is skipped. */
  readonly when: {
    <const A>(condition: Ref<boolean, Job>, then: () => A): MaybeRef<Settled<A>, Job>;
    <const A, const B>(
      condition: Ref<boolean, Job>,
      then: () => A,
      otherwise: () => B,
    ): Ref<Settled<A> | Settled<B>, Job>;
  };
  /** Does what the case says that the text names; there is one for each text that it can be. */
  readonly match: <K extends string, const C extends { readonly [key in K]: () => unknown }>(
    on: Ref<K, Job>,
    cases: C,
  ) => Ref<Settled<ReturnType<C[K]>>, Job>;
  /** The first that was not skipped; skipped itself when all of them were. */
  readonly firstOf: <const A extends readonly AnyRef<Job>[]>(refs: A) => Ref<Settled<A[number]>, Job>;
  /** What was given, or `value` where that was skipped. */
  readonly orElse: <T, const A>(ref: MaybeRef<T, Job>, value: A) => Ref<T | Settled<A>, Job>;
  /** What was given, skipped where it is undefined or null: for a result that need not be there. */
  readonly present: <T>(ref: Ref<T, Job>) => MaybeRef<NonNullable<T>, Job>;
}
