/** Stands after a switch that covers every case: the compiler refuses it once a case is missing. */
export function unreachable(missed: never): never {
  throw new Error(`A case was forgotten: ${JSON.stringify(missed)}`);
}
