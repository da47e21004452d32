/** What an option may be, in words that go on from "must be", and how that is told. */
export interface OptionRule {
  readonly wanted: string;
  readonly fits: (value: unknown) => boolean;
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

/**
 * The options that can be gone on with; what is wrong with the others is reported in words. Node runs sources without
 * looking at their types: a typing error must not pass for an option that was not given (a check that never runs), nor
 * break what comes after it.
 */
export function fittingOptions<T extends object>(
  options: T,
  rules: OptionRules,
  invalid: (reason: string) => void,
): T;
export function fittingOptions(
  options: unknown,
  rules: OptionRules,
  invalid: (reason: string) => void,
): object;
export function fittingOptions(
  options: unknown,
  rules: OptionRules,
  invalid: (reason: string) => void,
): object {
  if (!isRecord(options)) {
    invalid("its options are missing");
    return {};
  }
  // Made for a mistake only: this is done for each of 10,000 assets.
  let wrong: string[] | undefined;
  for (const name of Object.keys(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const value = options[name];
    if (rule === undefined) invalid(`there is no option ${name}; there are ${Object.keys(rules).join(", ")}`);
    else if (value === undefined || rule.fits(value)) continue;
    else invalid(`${name} must be ${rule.wanted}`);
    (wrong ??= []).push(name);
  }
  const misfits = wrong;
  if (misfits === undefined) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !misfits.includes(name)));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isFunction = (value: unknown): boolean => typeof value === "function";

export const text: OptionRule = { wanted: "a text", fits: isText };
export const texts: OptionRule = {
  wanted: "a list of texts",
  fits: (value) => Array.isArray(value) && value.every(isText),
};
export const flag: OptionRule = { wanted: "true or false", fits: (value) => typeof value === "boolean" };
export const list: OptionRule = { wanted: "a list", fits: Array.isArray };
export const callable: OptionRule = { wanted: "a function", fits: isFunction };

/** For what is looked at elsewhere, in words of its own. */
export const anything: OptionRule = { wanted: "anything", fits: () => true };

export function oneOf(...values: readonly string[]): OptionRule {
  return {
    wanted: values.map((value) => JSON.stringify(value)).join(" or "),
    fits: (value) => isText(value) && values.includes(value),
  };
}

/** The kind of a schema by zod's core interface, which zod/mini has too. */
function schemaType(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value["_zod"])) return undefined;
  const { def } = value["_zod"];
  return isRecord(def) ? def["type"] : undefined;
}

export const schema: OptionRule = {
  wanted: "a zod schema",
  fits: (value) => schemaType(value) !== undefined,
};
export const objectSchema: OptionRule = {
  wanted: "z.object({ … })",
  fits: (value) => schemaType(value) === "object",
};
