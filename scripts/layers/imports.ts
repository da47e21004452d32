import { parseSync, Visitor } from "oxc-parser";

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** `type`: erased; `static`: runs when the module loads; `dynamic`: runs when called, so it closes no cycle. */
  readonly kind: "type" | "static" | "dynamic";
}

/** Every import of a module, in the words of the file. A real parser, because regular expressions miss some. */
export function importsOf(file: string, source: string): Import[] {
  const parsed = parseSync(file, source);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);

  const found: Import[] = [];
  const add = (node: { start: number; value: unknown }, kind: Import["kind"]) => {
    const line = source.slice(0, node.start).split("\n").length;
    found.push({ specifier: String(node.value), line, kind });
  };
  // `import { type A }` leaves `import {}` behind, which still runs the module: only a whole `import type` is erased.
  const declared = (kind: "type" | "value" | undefined) => (kind === "type" ? "type" : "static");

  new Visitor({
    ImportDeclaration: (node) => add(node.source, declared(node.importKind)),
    ExportAllDeclaration: (node) => add(node.source, declared(node.exportKind)),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source, declared(node.exportKind));
    },
    TSImportType: (node) => add(node.source, "type"),
    ImportExpression: (node) => {
      if (node.source.type === "Literal") add(node.source, "dynamic");
    },
  }).visit(parsed.program);
  return found;
}
