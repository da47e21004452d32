import type { ErrorReport } from "../../core/error-report.ts";

/** Sent to an API process, once, as soon as it runs. By message, since arguments can be read by every user. */
export interface ApiStart {
  readonly message: "start";
  readonly directory: string;
  /** The one to serve; that which `MILLRACE_ENV` names when absent. */
  readonly environment?: string | undefined;
  readonly socketPath: string;
  /** Holds nothing but the parent's sockets, and is removed with it. */
  readonly socketFolder: string;
  readonly tokens: readonly { readonly name: string; readonly token: string }[];
  /** The code pin to serve; today's files when absent. */
  readonly code?: string;
}

/** Asks an API process to answer what it has begun, and to end. */
export interface ApiStop {
  readonly message: "stop";
}

export interface ApiReady {
  readonly message: "ready";
  readonly project: string;
  readonly assets: number;
  readonly endpoints: readonly { readonly route: string; readonly name: string | undefined }[];
  /** Folders that Millrace itself writes to. */
  readonly written: readonly string[];
  /** The code that it serves. */
  readonly code?: string;
}

export interface ApiFailed {
  readonly message: "failed";
  readonly report: ErrorReport;
}
