// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- T is what the two sides are compared by
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the value's type is exactly the one expected, not merely assignable to it. */
export function is<Expected>(): <Actual>(
  value: Actual,
  ...same: Equal<Actual, Expected> extends true ? [] : [{ expected: Expected; actual: Actual }]
) => void {
  return () => undefined;
}
