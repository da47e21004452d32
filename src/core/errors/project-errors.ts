import { row } from "./error-row.ts";

/** Finding, loading and putting together a project. */
export const projectErrors = {
  PROJECT_NOT_FOUND: row(
    "No millrace.config.ts in {directory} or above it",
    500,
    "Run the command inside a project, or name its folder with --project.",
  ),
  PROJECT_NOT_EXPORTED: row(
    "There is no default export made by defineProject",
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
    "Move its definition above. Where two modules import each other, move what both need into a module of its own.",
  ),
  ENVIRONMENT_FILE_UNREADABLE: row(
    "The project's environment file cannot be read: {reason}",
    500,
    "Make it a file that this user may read, or remove it.",
  ),
  CODE_GONE: row(
    "The code {name:8} is no longer in {folder}",
    500,
    "Load the project's files as they are: materialize again, and what their change does not touch is kept.",
  ),
  CODE_DAMAGED: row(
    "{path} does not hold what it is named after",
    500,
    "Remove the file. Materialize again, and what today's code does not change is kept.",
  ),
};
