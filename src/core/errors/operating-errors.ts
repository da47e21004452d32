import { row } from "./error-row.ts";

/** Processes, ports and the state database. */
export const operatingErrors = {
  BIND_REFUSED: row(
    "Listening on {host} without authentication is refused",
    500,
    "Set MILLRACE_TOKENS to one or more name:token pairs, or listen on 127.0.0.1.",
  ),
  PORT_IN_USE: row(
    "Port {port} on {host} is in use",
    500,
    "Stop what listens there, or choose another with --port.",
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
  STATE_UNAVAILABLE: row(
    "The state database does not answer: {reason}",
    503,
    "Check that it runs and can be reached.",
    true,
  ),
  STATE_TOO_NEW: row(
    "The state was written by a newer Millrace (schema {found}, this one knows {known})",
    500,
    "Upgrade Millrace; nothing was changed.",
  ),
  INTERNAL: row("Something went wrong inside Millrace: {reason}", 500, "Please report it, with the details."),
};
