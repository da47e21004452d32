export type CursorValue = string | number | boolean;

/** More than this is no cursor that was ever given out. */
const longest = 4096;

/** The key of a page's last row as one opaque word. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Undefined for anything that `encodeCursor` cannot have given. */
export function decodeCursor(cursor: string): readonly CursorValue[] | undefined {
  if (cursor.length > longest || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
  const isKey = Array.isArray(values) && values.length > 0 && values.every(isCursorValue);
  return isKey && encodeCursor(values as CursorValue[]) === cursor ? (values as CursorValue[]) : undefined;
}

function isCursorValue(value: unknown): value is CursorValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/**
 * A `Link` header (RFC 8288) that names the next page: the same address, with the cursor in its `after` parameter.
 *
 * @param url path and query of this page, as it was asked for
 */
export function nextPageLink(url: string, cursor: string): string {
  const [path = "", query = ""] = url.split("?", 2);
  const others = query
    .split("&")
    .filter((pair) => pair !== "" && pair !== "after" && !pair.startsWith("after="));
  // Characters that would end the target early are escaped; everything else stays as the client wrote it.
  const target = `${path}?${[...others, `after=${cursor}`].join("&")}`.replace(
    /[<>"\s]/g,
    encodeURIComponent,
  );
  return `<${target}>; rel="next"`;
}
