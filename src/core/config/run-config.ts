import { canonicalJson } from "../canonical-json.ts";
import type { MillraceError } from "../errors.ts";
import { isPlainObject } from "../plain-object.ts";
import type { AnyObject } from "../schema.ts";
import { fieldInvalid, fieldUnknown } from "./config-mistakes.ts";
import { configIdentity, plainConfig } from "./config-identity.ts";
import { below } from "./config-path.ts";
import { redactedConfig, secretsIn } from "./config-secrets.ts";
import { NotSerializable } from "../serial/serialize.ts";
import { merged } from "./merge-config.ts";
import { parseConfig } from "./parse-config.ts";
import { secretMark } from "./secret.ts";
import { resolveVariables, type Variables } from "./variables.ts";

/** What is given to a run, as a document. Every part may be absent. */
export interface RunConfig {
  /** The job's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** By the names of ops. */
  readonly ops?: Readonly<Record<string, unknown>>;
  /** By the keys of assets, of a multi-asset by its name. */
  readonly assets?: Readonly<Record<string, unknown>>;
  /** By the names of resources. */
  readonly resources?: Readonly<Record<string, unknown>>;
}

/** One that can be given config. */
export interface ConfigTaker {
  /** Absent: it takes none, and is known so that it can be said. */
  readonly schema?: AnyObject;
  /** The run has it, so what its schema requires has to be given. */
  readonly needed: boolean;
  /** What the code gives it; what the document gives goes before that, member by member. */
  readonly defaults?: unknown;
}

type Group = "ops" | "assets" | "resources";
const groups: Readonly<Record<Group, string>> = { ops: "op", assets: "asset", resources: "resource" };

/** All that a document can give config to. */
export interface ConfigTakers {
  /** Absent: nothing at the document's `config`. */
  readonly job?: ConfigTaker;
  readonly ops?: ReadonlyMap<string, ConfigTaker>;
  readonly assets?: ReadonlyMap<string, ConfigTaker>;
  readonly resources?: ReadonlyMap<string, ConfigTaker>;
}

/** A document that was read. Parsed values are there for all that are needed and take config. */
export interface ParsedRunConfig {
  readonly config: ParsedPart;
  readonly ops: ParsedGroup;
  readonly assets: ParsedGroup;
  readonly resources: ParsedGroup;
  /** The texts that are not to be told. */
  readonly secrets: readonly string[];
  /** The document as it may be kept: references stand in it as such, and `***` for secrets that were written out. */
  readonly stored: RunConfig;
  /** Equal for equal work: the document with its variables put in and without its secrets. "" where nothing is given. */
  readonly identity: string;
}
export type ParsedGroup = ReadonlyMap<string, ParsedPart>;

/** The config of one. */
export interface ParsedPart {
  readonly value: Readonly<Record<string, unknown>>;
  /** See {@link configIdentity}. */
  readonly identity: string;
}

/** What a run has whose parts take no config. */
export const noRunConfig: ParsedRunConfig = Object.freeze({
  config: { value: {}, identity: "{}" },
  ops: new Map(),
  assets: new Map(),
  resources: new Map(),
  secrets: [],
  stored: {},
  identity: "",
});

export type RunConfigRead =
  | { readonly ok: true; readonly value: ParsedRunConfig }
  | { readonly ok: false; readonly problems: readonly MillraceError[] };

/** Reads a whole document. Every mistake in it is told, names that nobody has and missing variables among them. */
export function parseRunConfig(takers: ConfigTakers, document: unknown, variables: Variables): RunConfigRead {
  const problems: MillraceError[] = [];
  const parts = membersOf(document ?? {}, "", ["config", ...Object.keys(groups)], "part", problems);
  const reader = new PartReader(variables, problems);
  const config = reader.read(takers.job ?? { needed: false }, parts.get("config"), ["config"]);
  const group = (name: Group): ParsedGroup => {
    const known = takers[name] ?? new Map<string, ConfigTaker>();
    const given = membersOf(parts.has(name) ? parts.get(name) : {}, name, known, groups[name], problems);
    const parsed = new Map<string, ParsedPart>();
    for (const [key, taker] of known) {
      if (!given.has(key) && !(taker.needed && taker.schema !== undefined)) continue;
      parsed.set(key, reader.read(taker, given.get(key), [name, key]));
    }
    return parsed;
  };
  const value = {
    config,
    ops: group("ops"),
    assets: group("assets"),
    resources: group("resources"),
    ...reader.kept(),
  };
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/** Reads one config after the other, and collects what is to be kept of them. */
class PartReader {
  readonly #variables: Variables;
  readonly #problems: MillraceError[];
  readonly #secrets: string[] = [];
  readonly #stored: Nested = new Map();
  readonly #resolved: Nested = new Map();

  constructor(variables: Variables, problems: MillraceError[]) {
    this.#variables = variables;
    this.#problems = problems;
  }

  read({ schema, defaults }: ConfigTaker, given: unknown, path: readonly string[]): ParsedPart {
    const where = below("", path);
    const whole = given === undefined ? defaults : merged(defaults, given);
    const parsed = parseConfig(schema, whole, where, this.#variables);
    if (!parsed.ok) {
      this.#problems.push(...parsed.problems);
      return nothing;
    }
    const resolve = (config: unknown): unknown =>
      resolveVariables(schema, config === undefined ? {} : config, this.#variables, where).value;
    const resolved = resolve(given);
    const all = whole === given ? resolved : resolve(whole);
    this.#secrets.push(...secretsIn(schema, parsed.value), ...secretsIn(schema, all));
    if (secretsIn(schema, resolved).includes(secretMark)) {
      const reason = `a secret that was written out is not kept, ${secretMark} stands for it; give it again, or { "$env": … }`;
      this.#problems.push(fieldInvalid(where, reason));
      return nothing;
    }
    try {
      if (given !== undefined) {
        place(this.#stored, path, plainConfig(redactedConfig(schema, given), where));
        place(this.#resolved, path, plainConfig(redactedConfig(schema, resolved), where));
      }
      return { value: parsed.value, identity: configIdentity(schema, parsed.value, all) };
    } catch (error) {
      if (!(error instanceof NotSerializable)) throw error;
      this.#problems.push(fieldInvalid(where, `it cannot be kept: ${error.message}`));
      return nothing;
    }
  }

  kept(): Pick<ParsedRunConfig, "secrets" | "stored" | "identity"> {
    return {
      secrets: [...new Set(this.#secrets)],
      stored: asObject(this.#stored),
      identity: this.#stored.size === 0 ? "" : canonicalJson(asObject(this.#resolved)),
    };
  }
}

const nothing: ParsedPart = Object.freeze({ value: Object.freeze({}), identity: "{}" });

type Nested = Map<string, unknown>;

function place(into: Nested, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into.set(name, value);
  else {
    const inner = into.get(name) ?? new Map<string, unknown>();
    into.set(name, inner);
    if (inner instanceof Map) place(inner, rest, value);
  }
}

function asObject(nested: Nested): object {
  return Object.fromEntries(
    Array.from(nested, ([name, value]) => [name, value instanceof Map ? asObject(value) : value]),
  );
}

/** The members of an object; those that are not known are mistakes. */
function membersOf(
  value: unknown,
  where: string,
  known: { readonly keys: () => Iterable<string> } | readonly string[],
  what: string,
  problems: MillraceError[],
): ReadonlyMap<string, unknown> {
  if (!isPlainObject(value)) {
    problems.push(fieldInvalid(where === "" ? "config" : where, "expected an object"));
    return new Map();
  }
  const names = new Set(
    Array.isArray(known) ? (known as readonly string[]) : (known.keys() as Iterable<string>),
  );
  for (const name of Object.keys(value))
    if (!names.has(name)) problems.push(fieldUnknown(where, name, [...names], what));
  return new Map(Object.entries(value));
}
