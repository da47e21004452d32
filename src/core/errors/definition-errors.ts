import { row } from "./error-row.ts";

/** What is wrong with a definition by itself, or beside the others. */
export const definitionErrors = {
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
  INVALID_NAME: row(
    "{name} is no name for {what}",
    500,
    "Begin with a letter or _; then come letters, digits, _ and -: fetch_page.",
  ),
  RENAME_INVALID: row(
    "{key} cannot be renamed from {from}: {reason}",
    500,
    "Name the key that it had before, which no other asset of the project has or had.",
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
  ENDPOINT_RETURNS_UNSUPPORTED: row(
    "What the endpoint {key} returns has no form on the wire: {reason}",
    500,
    "Use what the wire-format table lists (docs/reference/wire-format.md); convert and check in SQL or in the handler, and limit a list by maxRows.",
  ),
};
