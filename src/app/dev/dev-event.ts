import type { ErrorReport } from "../../core/error-report.ts";

/** What the dev server tells of itself; whoever started it shows it. */
export type DevEvent =
  /** Requests are taken from now on; they wait for the first load. */
  | { readonly event: "listening"; readonly url: string }
  | { readonly event: "changed"; readonly files: readonly string[] }
  /** A load succeeded, and all further requests go to it. */
  | {
      readonly event: "ready";
      readonly url: string;
      readonly project: string;
      readonly assets: number;
      readonly endpoints: readonly { readonly route: string; readonly name: string | undefined }[];
      readonly milliseconds: number;
      /** False for the first one. */
      readonly reload: boolean;
    }
  | {
      readonly event: "failed";
      readonly report: ErrorReport;
      /** True when an earlier load goes on answering. */
      readonly serving: boolean;
    }
  | { readonly event: "crashed"; readonly reason: string; readonly restartInMs: number }
  | { readonly event: "not watching"; readonly reason: string };
