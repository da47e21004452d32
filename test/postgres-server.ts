/** A real PostgreSQL for tests: `testDatabase(t)` is what a test calls. */
export { testDatabase } from "./postgres/database.ts";
export { type PostgresServer, startPostgres } from "./postgres/server.ts";
