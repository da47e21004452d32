import type { TableEngine } from "../ports/table-engine.ts";

/**
 * A table engine that is opened by the first work for it. Loading one takes 0.2 s, which a run of values and files
 * alone need not spend.
 */
export function lazyTableEngine(open: () => Promise<TableEngine>): TableEngine {
  let opened: Promise<TableEngine> | undefined;
  const engine = (): Promise<TableEngine> => (opened ??= open());
  return {
    write: async (request) => (await engine()).write(request),
    pack: async (request) => (await engine()).pack(request),
    audit: async (request) => (await engine()).audit(request),
    check: async (request) => (await engine()).check(request),
    rows: async (request) => (await engine()).rows(request),
    async *batches(request) {
      yield* (await engine()).batches(request);
    },
    encode: async (request) => (await engine()).encode(request),
    prepare: async (request) => (await engine()).prepare(request),
    columnsRead: async (statements) => (await engine()).columnsRead(statements),
    async close() {
      const open = await opened?.catch(() => undefined);
      await open?.close();
    },
  };
}
