import { parseSync } from "oxc-parser";

/** A node of a file's syntax tree; its members are those of ESTree. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/** Shows every node of a TypeScript file, each before those that it holds. */
export function visitSyntax(file: string, source: string, see: (node: SyntaxNode) => void): void {
  visit(parseSync(file, source).program as unknown as SyntaxNode, see);
}

function visit(node: SyntaxNode, see: (node: SyntaxNode) => void): void {
  see(node);
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? (member as unknown[]) : [member]) {
      if (typeof child === "object" && child !== null && "type" in child) visit(child as SyntaxNode, see);
    }
  }
}
