/** Tells what a builder made from whatever else has the same shape. */
export interface DefinitionRegistry<Definition extends object> {
  /** Freezes the definition and remembers it. */
  readonly register: <T extends object>(definition: T) => T;
  readonly has: (candidate: unknown) => candidate is Definition;
}

export function definitionRegistry<Definition extends object>(): DefinitionRegistry<Definition> {
  const made = new WeakSet<object>();
  return {
    register(definition) {
      made.add(definition);
      return Object.freeze(definition);
    },
    has: (candidate): candidate is Definition =>
      typeof candidate === "object" && candidate !== null && made.has(candidate),
  };
}
