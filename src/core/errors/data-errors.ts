import { row } from "./error-row.ts";

/** What a step made, what an external asset holds, what is kept. */
export const dataErrors = {
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
  SECRET_IN_VALUE: row(
    "{step}: {what} holds the text of a secret",
    500,
    "Leave the secret out: whoever needs it gets it from the config. Nothing was kept.",
  ),
  OUTPUTS_INVALID: row(
    "{step} must give a record of its outputs ({known})",
    500,
    "Give back { name: content } with the name of each output.",
  ),
  OUTPUT_UNKNOWN: row(
    "{step} gave {output}, an output that nobody declared; there are {known}",
    500,
    "Declare it under outputs, or leave it out of the result.",
  ),
  OUTPUT_MISSING: row(
    "{step} gave nothing for its output {output}",
    500,
    "Give it, or declare it with optional: true.",
  ),
  SCHEMA_CHANGED: row(
    "{key} was written with another schema: {reason}",
    503,
    "Materialize it again, all partitions in one run: millrace materialize {key}.",
    true,
  ),
  METADATA_INVALID: row(
    "{where}: the metadata {name} cannot be kept: {reason}",
    400,
    "Give what JSON holds, a Date, or what meta.… makes: docs/concepts/asset.md#metadata.",
  ),
  CHECK_FAILED: row(
    "{step}: a blocking check failed: {reason}",
    500,
    "Readers keep the last good version. Mend the data or the check.",
  ),
  CHECK_NOT_FOUND: row(
    "{key} has no check named {check}; there are: {checks}",
    404,
    "Write the name as millrace checks lists it.",
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
    "The step is tried again, four times at most; then: materialize it while its source is at rest.",
    true,
  ),
  EXTERNAL_NOT_READABLE: row(
    "{key} has no file that Millrace could read",
    500,
    "Read it by its own means inside run, or give it a source that is a file.",
  ),
  EXTERNAL_OBSERVE_FAILED: row(
    "{key} could not be observed: {reason}",
    500,
    "Mend the function given to source.observed; it gives { dataVersion } as a text that is not empty.",
  ),
  EXTERNAL_UNREPORTED: row(
    "{key} has never been reported",
    409,
    "Have its maker run: millrace report {key} --data-version <text>.",
  ),
  EXTERNAL_NOT_REPORTED: row(
    "{key} cannot be reported: {reason}",
    400,
    "Report an external asset whose source is source.reported().",
  ),
  REPORT_CONFLICT: row(
    "The key «{idempotency}» has been used for another report of {key}",
    409,
    "Use a new key for each report, and the same one only to repeat it unchanged.",
  ),
  ASSET_NOT_MATERIALIZED: row(
    "{key} has never been materialized",
    503,
    "Run: millrace materialize {key}.",
    true,
  ),
  STORE_FULL: row(
    "{step}: the disk is full: {reason}",
    507,
    "Make room (millrace gc gives up what is no longer kept), then run it again; nothing of it is left behind.",
  ),
  VERSION_CORRUPT: row(
    "{key}: the bytes of version {version} are missing or damaged: {reason}",
    500,
    "Materialize it again, with --full-refresh where it appends; the version is never served as if it were fine.",
  ),
};
