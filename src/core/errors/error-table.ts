import { dataErrors } from "./data-errors.ts";
import { definitionErrors } from "./definition-errors.ts";
import { graphErrors } from "./graph-errors.ts";
import { operatingErrors } from "./operating-errors.ts";
import { projectErrors } from "./project-errors.ts";
import { requestErrors } from "./request-errors.ts";
import { runErrors } from "./run-errors.ts";
import { sqlErrors } from "./sql-errors.ts";

/** The table's parts by their titles, in the order of its reference page. */
export const errorAreas = {
  "Loading a project": projectErrors,
  Definitions: definitionErrors,
  "Graphs and jobs": graphErrors,
  "Writing SQL": sqlErrors,
  "Planning and running": runErrors,
  Data: dataErrors,
  Requests: requestErrors,
  "Processes and state": operatingErrors,
};

/**
 * The one table of errors. Every error that a user can meet has a row here: a stable code, a sentence that says what
 * happened, the HTTP status it maps to, whether trying again can help, and what to do next.
 * `docs/reference/errors.md` is generated from it.
 */
export const errorTable = {
  ...projectErrors,
  ...definitionErrors,
  ...graphErrors,
  ...sqlErrors,
  ...runErrors,
  ...dataErrors,
  ...requestErrors,
  ...operatingErrors,
};

export type ErrorCode = keyof typeof errorTable;
