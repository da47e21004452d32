import {
  bare,
  keyOf,
  partOf,
  partsOf,
  pathTo,
  textOf,
  type Definition,
  type Scope,
  type SyntaxNode,
} from "./syntax.ts";

/** Where an expression's value comes from: a ref, or what a graph function is given, with the way into it. */
type Origin = { readonly from: "ref" } | { readonly from: "context"; readonly path: readonly string[] };

const ref: Origin = { from: "ref" };
/** Of what a graph function is given, these are refs; the rest are functions that give refs. */
const refs: ReadonlySet<string | undefined> = new Set(["config", "input", "partition"]);

/**
 * Tells refs by their names: what a graph function is given and what it calls. Looks at one file, so a function of another
 * gives a ref if it is given one.
 */
export class RefFinder {
  readonly #scopeOf: (node: SyntaxNode) => Scope;
  /** Being looked at: a name that is made of itself is nothing. */
  readonly #open = new Set<SyntaxNode>();

  constructor(scopeOf: (node: SyntaxNode) => Scope) {
    this.#scopeOf = scopeOf;
  }

  isRef(expression: SyntaxNode): boolean {
    return this.#originOf(expression)?.from === "ref";
  }

  #originOf(expression: SyntaxNode): Origin | undefined {
    const node = bare(expression);
    if (this.#open.has(node)) return undefined;
    this.#open.add(node);
    try {
      return settled(this.#find(node));
    } finally {
      this.#open.delete(node);
    }
  }

  #find(node: SyntaxNode): Origin | undefined {
    switch (node.type) {
      case "Identifier":
        return this.#ofName(node);
      case "MemberExpression": {
        const object = partOf(node, "object");
        return into(object && this.#originOf(object), [keyOf(node) ?? ""]);
      }
      case "CallExpression":
        return this.#isCallForRef(node) ? ref : undefined;
      case "ConditionalExpression":
        return this.#anyRef(node, ["consequent", "alternate"]);
      case "LogicalExpression":
      case "AssignmentExpression":
        return this.#anyRef(node, ["right"]);
      default:
        return undefined;
    }
  }

  #anyRef(node: SyntaxNode, parts: readonly string[]): Origin | undefined {
    const found = parts.flatMap((part) => partOf(node, part) ?? []);
    return found.some((one) => this.isRef(one)) ? ref : undefined;
  }

  #ofName(name: SyntaxNode): Origin | undefined {
    const definition = this.#definitionOf(name);
    if (definition === undefined) return undefined;
    const { type, node } = definition;
    if (type === "Variable") {
      const [pattern, init] = [partOf(node, "id"), partOf(node, "init")];
      const path = pattern && pathTo(definition.name, pattern);
      return path && init && into(this.#originOf(init), path);
    }
    if (type !== "Parameter") return undefined;
    const parameters = partsOf(node, "params");
    if (this.#isEachOfMap(node)) return ref;
    const [context] = parameters;
    const path = context && this.#isGraphFunction(node) ? pathTo(definition.name, context) : undefined;
    return path && { from: "context", path };
  }

  #definitionOf(name: SyntaxNode): Definition | undefined {
    const text = textOf(name, "name") ?? "";
    for (let scope: Scope | null = this.#scopeOf(name); scope !== null; scope = scope.upper) {
      const variable = scope.set.get(text);
      if (variable !== undefined) return variable.defs[0];
    }
    return undefined;
  }

  /** Calls of ops, graphs and tools give refs, and so does a function of the project that is given one. */
  #isCallForRef(call: SyntaxNode): boolean {
    const callee = partOf(call, "callee");
    if (callee === undefined) return false;
    const origin = this.#originOf(callee);
    if (origin !== undefined) return origin.from === "context";
    const root = rootOf(bare(callee));
    const definition = root && this.#definitionOf(root);
    if (definition === undefined) return false;
    const init = definition.type === "Variable" ? partOf(definition.node, "init") : undefined;
    if (init !== undefined && this.#isBuilt(init, ["op", "graph"])) return true;
    return partsOf(call, "arguments").some((argument) => this.#holdsRef(argument));
  }

  #holdsRef(given: SyntaxNode): boolean {
    const node = bare(given);
    if (node.type === "ObjectExpression") {
      return partsOf(node, "properties").some((property) => {
        const value = partOf(property, "value");
        return value !== undefined && this.#holdsRef(value);
      });
    }
    if (node.type === "ArrayExpression") return partsOf(node, "elements").some((one) => this.#holdsRef(one));
    return this.isRef(node);
  }

  /** `graph` of `job(name, { graph })` and `graph(name, { graph })`. */
  #isGraphFunction(fn: SyntaxNode): boolean {
    const property = fn.parent;
    const call = property?.parent?.parent;
    return (
      property?.type === "Property" &&
      keyOf(property) === "graph" &&
      call !== null &&
      call !== undefined &&
      this.#isBuilt(call, ["graph", "job"])
    );
  }

  /** The second argument of `map`. */
  #isEachOfMap(fn: SyntaxNode): boolean {
    const call = fn.parent;
    if (call?.type !== "CallExpression" || partsOf(call, "arguments")[1] !== fn) return false;
    const callee = partOf(call, "callee");
    const origin = callee && this.#originOf(callee);
    return origin?.from === "context" && origin.path.length === 1 && origin.path[0] === "map";
  }

  /** Is it a call of one of these builders? */
  #isBuilt(expression: SyntaxNode, builders: readonly string[]): boolean {
    const call = bare(expression);
    const callee = call.type === "CallExpression" ? partOf(call, "callee") : undefined;
    const root = callee && rootOf(callee);
    const definition = root && this.#definitionOf(root);
    if (callee === undefined || definition?.type !== "ImportBinding") return false;
    const from = definition.parent && partOf(definition.parent, "source");
    if (textOf(from ?? undefined, "value") !== "millrace") return false;
    const imported = partOf(definition.node, "imported");
    const name =
      imported === undefined ? keyOf(callee) : (textOf(imported, "name") ?? textOf(imported, "value"));
    return name !== undefined && builders.includes(name);
  }
}

function into(origin: Origin | undefined, path: readonly string[]): Origin | undefined {
  return origin?.from === "context" ? { from: "context", path: [...origin.path, ...path] } : origin;
}

function settled(origin: Origin | undefined): Origin | undefined {
  return origin?.from === "context" && refs.has(origin.path[0]) ? ref : origin;
}

/** The name that a chain of members begins with. */
function rootOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === "Identifier") return node;
  const object = node.type === "MemberExpression" ? partOf(node, "object") : undefined;
  return object && rootOf(bare(object));
}
