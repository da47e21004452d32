/**
 * Phantom slots, keyed by unique symbols: nothing at run time, never in completion lists. They are required, not
 * optional: an optional slot adds a sentence about exactOptionalPropertyTypes to every error a user sees.
 */
declare const covariant: unique symbol;
declare const contravariant: unique symbol;
declare const tag: unique symbol;

export interface Covariant<out T> {
  readonly [covariant]: T;
}
export interface Contravariant<in T> {
  readonly [contravariant]: (value: T) => void;
}
export interface Tagged<T extends string> {
  readonly [tag]: T;
}

/** A type that shows its text in the compiler's error message. */
export type Problem<Text extends string> = Text;
export type MaybePromise<T> = T | Promise<T>;
