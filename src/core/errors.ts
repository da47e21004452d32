/**
 * The one table of errors. Every error that a user can meet has a row here: a stable code, a sentence that says what
 * happened, the HTTP status it maps to, whether trying again can help, and what to do next.
 * `docs/reference/errors.md` is generated from it.
 */

interface ErrorRow {
  /** The sentence; `{name}` is replaced by the detail of that name, `{name:8}` by its first 8 letters (of an id). */
  readonly message: string;
  /** Status of the problem document, should the error surface over HTTP. */
  readonly status: number;
  /** True when the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** What the reader can do now. */
  readonly fix: string;
}

const row = (message: string, status: number, fix: string, retryable = false): ErrorRow => ({
  message,
  status,
  retryable,
  fix,
});

export const errorTable = {
  // Loading a project
  PROJECT_NOT_FOUND: row(
    "No millrace.config.ts in {directory} or above it",
    500,
    "Run the command inside a project, or name its folder with --project.",
  ),
  PROJECT_NOT_EXPORTED: row(
    "{file} has no default export made by defineProject",
    500,
    "Write: export default defineProject({ name, definitions: [...] }).",
  ),
  PROJECT_LOAD_FAILED: row(
    "The project could not be loaded: {reason}",
    500,
    "Mend the module at the place named; nothing was changed.",
  ),
  PROJECT_NOT_ESM: row(
    "By its package.json the project is not made of ES modules: {reason}",
    500,
    "Run: npm pkg set type=module.",
  ),
  PROJECT_INVALID: row("The project has {mistakes}:\n{list}", 500, "Mend each one; all of them are listed."),
  DEFINITION_USED_TOO_EARLY: row(
    "{name} is used before it is defined",
    500,
    "Two modules import each other: move the definition that both need into a module of its own.",
  ),
  DUPLICATE_KEY: row(
    "The {what} {key} is defined twice: here and at {other}",
    500,
    "Give one of them another key; keys are identities.",
  ),
  INVALID_KEY: row(
    "{key} is no {what} key",
    500,
    "Write segments divided by /, for instance sales/daily_revenue: each begins with a letter or _, then come letters, digits, _ and -.",
  ),
  INVALID_OPTION: row("{what} {key}: {reason}", 500, "Correct the option."),
  COLUMN_TYPE_UNSUPPORTED: row(
    "{key}: the column {column} is {type}, which no column can hold",
    500,
    "Use a type of the wire-format table (docs/reference/wire-format.md).",
  ),
  COLUMN_RULE_UNSUPPORTED: row(
    "{key}: the column {column} has the rule {rule}, which cannot be checked in SQL",
    500,
    "Express it as a check (check.sql or assetCheck) instead of a refinement or transform.",
  ),
  UNKNOWN_COLUMN: row(
    "{key}: {what} names the column {column}, which is not among {columns}",
    500,
    "Correct the name, or declare the column.",
  ),
  DEPENDENCY_CYCLE: row("These assets depend on each other in a circle: {cycle}", 500, "Break the circle."),
  DEPENDENCY_NOT_IN_PROJECT: row(
    "{key} depends on {dependency}, which is not among the project's definitions",
    500,
    "Export it from a module that defineProject lists.",
  ),
  MAPPING_MISSING: row(
    "{key} is partitioned otherwise than its dependency {dependency}, and no mapping says how they fit",
    500,
    "Give both the same partitions, or leave {key} unpartitioned, which reads all of them.",
  ),
  ENDPOINT_READS_EXTERNAL: row(
    "The endpoint {key} reads the external asset {dependency}, which no snapshot holds still",
    500,
    "Copy it into an asset and read that.",
  ),
  ENDPOINT_ROUTE_CLASH: row(
    "The endpoint {key} has the same route as the one at {other}",
    500,
    "Change one of the two routes.",
  ),
  ENDPOINT_ROUTE_RESERVED: row(
    "The endpoint {key} uses a path that belongs to Millrace",
    500,
    "Choose another path: openapi.json and docs are served by Millrace itself.",
  ),
  // Writing SQL
  SQL_VALUE_UNSUPPORTED: row(
    "sql: the value after «{before}» is {type}, which is no bound parameter",
    500,
    "Interpolate a string, number, bigint, boolean, Date, bytes, null, a list of them, an asset or another sql fragment.",
  ),
  SQL_UNKNOWN_TABLE: row(
    "The SQL reads the asset {asset}, which is not among the dependencies",
    500,
    "List it in deps (or reads).",
  ),
  SQL_READS_OUTSIDE: row(
    "The SQL reads {what}, which is no dependency",
    500,
    "Declare it as an externalAsset and interpolate that, so that it has a lineage and a data version.",
  ),
  SQL_NO_PARTITION: row(
    "The SQL uses a partition's bounds, but runs without a partition",
    500,
    "Give the asset the same partitions.",
  ),
  SQL_NOT_A_SELECT: row("The SQL is not one SELECT statement: {reason}", 500, "Write a single SELECT."),
  SQL_FAILED: row(
    "The SQL failed: {reason}",
    500,
    "Correct the SQL; the reason is given in the engine's words.",
  ),
  // Planning and running
  SELECTION_INVALID: row(
    "The selection «{selection}» is not understood at character {position}: {reason}",
    400,
    "See: millrace materialize --help.",
  ),
  SELECTION_EMPTY: row(
    "The selection «{selection}» matches no asset",
    400,
    "millrace ls lists the assets there are.",
  ),
  SELECTION_EXTERNAL: row(
    "The selection «{selection}» selects external assets only; they are observed, not materialized",
    400,
    "Select what reads them: x+ is x and all that reads it.",
  ),
  PARTITION_UNKNOWN: row("{partition} is no partition of {key}", 400, "Its partitions are {known}."),
  PARTITION_NEEDED: row(
    "{partition} was asked for, but {key} has no partitions",
    400,
    "Leave --partition away, or select partitioned assets only.",
  ),
  STEP_BLOCKED: row(
    "{step} is blocked: {dependency} lacks {missing}",
    409,
    "Materialize what is missing first, or select it too.",
  ),
  RUN_CLAIMED: row(
    "{step} is being written by run {run:8}",
    409,
    "Wait for that run to end, or end it with Ctrl-C where it was started; then run this again.",
    true,
  ),
  RUN_ACTIVE: row(
    "Run {run:8} of the same selection is still at work (process {process})",
    409,
    "Wait for it to end, or end it with Ctrl-C where it was started; --new would be refused what that run has claimed.",
    true,
  ),
  RUN_LOST: row(
    "Run {run:8} has been taken over by another process; nothing more of this one counts",
    409,
    "Nothing to do: the other process goes on with it.",
  ),
  RUN_ENDED: row("Run {run:8} has ended already ({status})", 409, "Start another run."),
  RUN_NOT_FOUND: row("There is no run {run}", 404, "millrace runs ls lists them."),
  RUN_AMBIGUOUS: row("{run} is the beginning of several run ids: {runs}", 400, "Give more of the id."),
  ASSET_NOT_FOUND: row("There is no asset {key}", 404, "millrace ls lists the assets there are."),
  ASSET_NOT_MATERIALIZED: row(
    "{key} has never been materialized",
    503,
    "Run: millrace materialize {key}.",
    true,
  ),
  STEP_FAILED: row(
    "{step} failed: {reason}",
    500,
    "Mend the cause and run it again; what was published stays.",
  ),
  STEP_TIMED_OUT: row(
    "{step} took longer than its time limit of {limit}",
    500,
    "Make it faster, or raise timeout.",
    true,
  ),
  RESULT_MISMATCH: row(
    "{step}: the result does not fit the declared columns: {reason}",
    500,
    "Correct the query, or the columns.",
  ),
  VALUE_INVALID: row(
    "{step}: the value does not fit its schema: {reason}",
    500,
    "Correct the value, or the schema.",
  ),
  CHECK_FAILED: row(
    "{step}: a blocking check failed: {reason}",
    500,
    "Readers keep the last good version. Mend the data or the check.",
  ),
  EXTERNAL_MISSING: row(
    "{key}: {path} does not exist",
    500,
    "Correct the path of the source, or provide the file.",
  ),
  EXTERNAL_UNREADABLE: row(
    "{key}: {path} is no {format} file that can be read: {reason}",
    500,
    "Provide the file as {format}, or correct the path or the kind of the source.",
  ),
  EXTERNAL_COLUMNS: row(
    "{key}: {path} does not have the declared columns: {reason}",
    500,
    "Declare the column as it is named in the file, with the type that it has there.",
  ),
  EXTERNAL_VALUE_INVALID: row(
    "{key}: {path}{where} has {value} in the column {column}, declared as {type}",
    500,
    "Mend the file; or declare the column as text (z.string()) and convert it in an asset.",
  ),
  EXTERNAL_MOVED: row(
    "{key} changed while it was being read",
    500,
    "Nothing: the step is tried again.",
    true,
  ),
  VERSION_CORRUPT: row(
    "{key}: the bytes of version {version} are missing or damaged: {reason}",
    500,
    "Materialize it again; the version is never served as if it were fine.",
  ),
  CANCELED: row("Canceled", 499, "Run it again to go on from what is committed."),
  // Requests
  ROUTE_NOT_FOUND: row("Nothing is served at {path}", 404, "/api/docs lists the endpoints."),
  METHOD_NOT_ALLOWED: row("{path} does not answer to {method}", 405, "Use {allowed}."),
  REQUEST_MALFORMED: row(
    "The request is no HTTP that can be read: {reason}",
    400,
    "Correct its address, headers or length.",
  ),
  REQUEST_INVALID: row("The request has {mistakes}", 422, "Each one is in errors, with its place."),
  BODY_NOT_JSON: row("The body is not JSON: {reason}", 400, "Send JSON with content-type: application/json."),
  BODY_TOO_LARGE: row("The body is larger than {limit} bytes", 413, "Send less."),
  MEDIA_TYPE_UNSUPPORTED: row(
    "Bodies of the type {type} are not read",
    415,
    "Send content-type: application/json.",
  ),
  NOT_ACCEPTABLE: row("None of the formats asked for is offered", 406, "Ask for {offered}."),
  NOT_FOUND: row("{what} was not found", 404, "Check the name."),
  UNAUTHORIZED: row("The request carries no valid bearer token", 401, "Send: Authorization: Bearer <token>."),
  QUERY_TIMED_OUT: row(
    "The query took longer than {limit}",
    503,
    "Ask for less, or raise the endpoint's timeLimit.",
    true,
  ),
  TOO_MANY_ROWS: row("The answer has more than {limit} rows", 413, "Ask for less, or page."),
  OVERLOADED: row("Too many requests are waiting", 503, "Try again later.", true),
  SHUTTING_DOWN: row(
    "The server is stopping",
    503,
    "Try again: another one answers, or this one once it is back.",
    true,
  ),
  RESPONSE_INVALID: row(
    "The answer does not fit what the endpoint returns: {reason}",
    500,
    "Correct the handler, or returns.",
  ),
  HANDLER_FAILED: row("The handler failed: {reason}", 500, "The server's log has the details."),
  SNAPSHOT_GONE: row("Snapshot {snapshot} is no longer kept", 410, "Ask for a newer one."),
  STATE_UNAVAILABLE: row(
    "The state database does not answer: {reason}",
    503,
    "Check that it runs and can be reached.",
    true,
  ),
  BIND_REFUSED: row(
    "Listening on {host} without authentication is refused",
    500,
    "Set MILLRACE_TOKENS to one or more name:token pairs, or listen on 127.0.0.1.",
  ),
  DEV_NOT_READY: row(
    "The project does not load, so nothing is served yet: {reason}",
    503,
    "Mend it and save; the server takes it up by itself.",
    true,
  ),
  API_PROCESS_ENDED: row(
    "The API process ended before it had answered",
    502,
    "Try again; the log tells why.",
    true,
  ),
  PORT_IN_USE: row(
    "Port {port} on {host} is in use",
    500,
    "Stop what listens there, or choose another with --port.",
  ),
  STATE_TOO_NEW: row(
    "The state was written by a newer Millrace (schema {found}, this one knows {known})",
    500,
    "Upgrade Millrace; nothing was changed.",
  ),
  INTERNAL: row("Something went wrong inside Millrace: {reason}", 500, "Please report it, with the details."),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** Where an error happened, as far as it is known. */
export interface ErrorPlace {
  readonly asset?: string;
  readonly partition?: string;
  readonly endpoint?: string;
  readonly file?: string;
  readonly line?: number;
  /** Path of the offending request or config field. */
  readonly field?: string;
}

type Details = Readonly<Record<string, string | number>>;

/** An error with a code of {@link errorTable}. Everything Millrace throws on purpose is one of these. */
export class MillraceError extends Error {
  override readonly name = "MillraceError";
  readonly code: ErrorCode;
  readonly details: Details;
  readonly place: ErrorPlace;
  /** Further mistakes found in the same go. */
  readonly problems: readonly MillraceError[];

  constructor(
    code: ErrorCode,
    details: Details = {},
    options: { place?: ErrorPlace; cause?: unknown; problems?: readonly MillraceError[] } = {},
  ) {
    super(
      filledIn(errorTable[code].message, details),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = details;
    this.place = options.place ?? {};
    this.problems = options.problems ?? [];
  }

  get status(): number {
    return errorTable[this.code].status;
  }
  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
  /** What to do next. */
  get fix(): string {
    return filledIn(errorTable[this.code].fix, this.details);
  }
}

function filledIn(sentence: string, details: Details): string {
  return sentence.replace(/\{(\w+)(?::(\d+))?\}/g, (_, name: string, letters?: string) => {
    const detail = String(details[name] ?? "?");
    return letters === undefined ? detail : detail.slice(0, Number(letters));
  });
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
