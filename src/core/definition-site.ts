import type { ErrorPlace } from "./errors.ts";

type Place = Pick<ErrorPlace, "file" | "line">;

/** What the engine tells of a frame. The line is found by a walk through its function, so it is asked for late. */
interface Frame {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
}

/** Frames kept: a definition in a module is the first one; one that factories make lies as deep as they call each other. */
const depth = 8;

/** The place in a user's file where a definition was made. Looked at only when somebody asks: 10,000 cost next to nothing. */
export class DefinitionSite {
  readonly #trace: { stack?: unknown };

  private constructor(trace: { stack?: unknown }) {
    this.#trace = trace;
  }

  /** The caller of `builder`. */
  static above(builder: (...args: never[]) => unknown): DefinitionSite {
    const trace: { stack?: string } = {};
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = depth;
    Error.captureStackTrace(trace, builder);
    Error.stackTraceLimit = limit;
    return new DefinitionSite(trace);
  }

  /** Absolute path (or URL, for what is not a file) and line; empty when the engine gives none. */
  get place(): Place {
    // What the engine itself does in between (JSON.stringify, Array.map) has no file.
    const frame = this.#frames().find((one) => typeof one.getFileName() === "string");
    if (frame === undefined) return {};
    return { file: pathOf(frame.getFileName() ?? ""), line: frame.getLineNumber() ?? 1 };
  }

  /** The files whose code made the definition: its own, and where factories are at work those that called them. */
  get files(): readonly string[] {
    const files = this.#frames().flatMap((frame) => frame.getFileName() ?? []);
    return [...new Set(files.map(pathOf))].filter((file) => /^(\/|[a-z]:[\\/])/i.test(file));
  }

  toString(): string {
    const { file, line } = this.place;
    return file === undefined ? "an unknown place" : `${file}:${line ?? 0}`;
  }

  /** The trace is made into frames, or else into text, when it is first read. */
  #frames(): readonly Frame[] {
    // oxlint-disable-next-line typescript/unbound-method -- it is put back, never called
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, frames) => frames;
    try {
      return Array.isArray(this.#trace.stack) ? (this.#trace.stack as readonly Frame[]) : [];
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  }
}

/** The places that the text of a stack trace names, innermost first. */
export function placesIn(stack: string): readonly Place[] {
  return stack.split("\n").flatMap((frame) => {
    // "at name (place:line:column)" or "at place:line:column"; the place may itself hold spaces and parentheses.
    // A syntax error has "place:line" alone, on its first line.
    const found =
      /^ *at (?:.*?[( ])??((?:file:\/\/|\/|[a-z]:[\\/]|[a-z]+:).*?):(\d+):\d+\)?$/i.exec(frame) ??
      /^((?:file:\/\/|\/|[a-z]:[\\/]).*):(\d+)$/i.exec(frame);
    return found === null ? [] : [{ file: pathOf(found[1] ?? ""), line: Number(found[2]) }];
  });
}

function pathOf(name: string): string {
  return name.startsWith("file://") ? decodeURIComponent(name.slice(7).replace(/\?.*$/, "")) : name;
}
