/** A place in a JSON value that differs. */
export interface JsonChange {
  /** JSON pointer (RFC 6901); "" for the whole. */
  readonly path: string;
  /** Absent where there is nothing. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The places in which two JSON values differ, as deep as they can be told. In order of the first one, then of the second. */
export function jsonDiff(before: unknown, after: unknown, path = ""): readonly JsonChange[] {
  if (Object.is(before, after)) return [];
  const [one, two] = [entriesOf(before), entriesOf(after)];
  if (one === undefined || two === undefined || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before, after }];
  return [...new Set([...one.keys(), ...two.keys()])].flatMap((key): readonly JsonChange[] => {
    const below = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!one.has(key)) return [{ path: below, after: two.get(key) }];
    if (!two.has(key)) return [{ path: below, before: one.get(key) }];
    return jsonDiff(one.get(key), two.get(key), below);
  });
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}
