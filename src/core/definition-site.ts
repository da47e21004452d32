import type { ErrorPlace } from "./errors.ts";

/** The place in a user's file where a definition was made. Parsed only when somebody asks: 10,000 cost next to nothing. */
export class DefinitionSite {
  readonly #trace: { stack?: string };

  private constructor(trace: { stack?: string }) {
    this.#trace = trace;
  }

  /** The caller of `builder`. */
  static above(builder: (...args: never[]) => unknown): DefinitionSite {
    const trace: { stack?: string } = {};
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 1;
    Error.captureStackTrace(trace, builder);
    Error.stackTraceLimit = limit;
    return new DefinitionSite(trace);
  }

  /** Absolute path (or URL, for what is not a file) and line; empty when the engine gives none. */
  get place(): Pick<ErrorPlace, "file" | "line"> {
    // "at name (place:line:column)" or "at place:line:column"; the place may itself hold spaces and parentheses.
    const found = /(?:\(|\s)(file:\/\/|\/|[a-z]:[\\/]|[a-z]+:)(.*?):(\d+):\d+\)?\s*$/i.exec(
      this.#trace.stack ?? "",
    );
    if (found === null) return {};
    const [, scheme = "", path = "", line] = found;
    const isUrl = scheme === "file://";
    return {
      file: isUrl ? decodeURIComponent(path.replace(/\?.*$/, "")) : scheme + path,
      line: Number(line),
    };
  }

  toString(): string {
    const { file, line } = this.place;
    return file === undefined ? "an unknown place" : `${file}:${line ?? 0}`;
  }
}
