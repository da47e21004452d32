/** A node of a syntax tree in the form of ESTree, which linters share. Its parts are looked at by the functions below. */
export interface SyntaxNode {
  readonly type: string;
  readonly parent?: SyntaxNode | null;
}

/** What linters tell of names: `@typescript-eslint/scope-manager` and its like. */
export interface Scope {
  readonly upper: Scope | null;
  readonly set: ReadonlyMap<string, Variable>;
}
interface Variable {
  readonly defs: readonly Definition[];
}
export interface Definition {
  readonly type: string;
  readonly name: SyntaxNode;
  readonly node: SyntaxNode;
  readonly parent?: SyntaxNode | null;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** The node's part of that name, where it is a node. */
export function partOf(node: SyntaxNode, part: string): SyntaxNode | undefined {
  const value: unknown = Reflect.get(node, part);
  return isNode(value) ? value : undefined;
}

/** The nodes of a part that is a list; holes are left out. */
export function partsOf(node: SyntaxNode, part: string): readonly SyntaxNode[] {
  const value: unknown = Reflect.get(node, part);
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** A text that stands at the node: a name, an operator, the value of a literal. */
export function textOf(node: SyntaxNode | undefined, part: string): string | undefined {
  const value: unknown = node && Reflect.get(node, part);
  return typeof value === "string" ? value : undefined;
}

/** The name of a property, of a member and in a pattern; undefined for a computed one. */
export function keyOf(node: SyntaxNode): string | undefined {
  const key = partOf(node, "key") ?? partOf(node, "property");
  if (key === undefined || Reflect.get(node, "computed") === true) return undefined;
  return textOf(key, "name") ?? textOf(key, "value");
}

/** Without what has no meaning at run time, and without parentheses. */
export function bare(node: SyntaxNode): SyntaxNode {
  const wrapped = [
    "TSAsExpression",
    "TSNonNullExpression",
    "TSSatisfiesExpression",
    "TSTypeAssertion",
    "ParenthesizedExpression",
    "ChainExpression",
  ];
  const inner = wrapped.includes(node.type) ? partOf(node, "expression") : undefined;
  return inner === undefined ? node : bare(inner);
}

/** The keys on the way to a name in a pattern: of `{ a: { b } }` to `b` those are `a`, `b`. */
export function pathTo(name: SyntaxNode, pattern: SyntaxNode): readonly string[] | undefined {
  if (pattern === name) return [];
  if (pattern.type === "AssignmentPattern") {
    const left = partOf(pattern, "left");
    return left && pathTo(name, left);
  }
  if (pattern.type !== "ObjectPattern") return undefined;
  for (const property of partsOf(pattern, "properties")) {
    const value = partOf(property, "value");
    const rest = value && pathTo(name, value);
    const key = keyOf(property);
    if (rest !== undefined && key !== undefined) return [key, ...rest];
  }
  return undefined;
}
