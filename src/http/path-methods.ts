interface Node {
  readonly exact: Map<string, Node>;
  readonly patterns: { readonly segment: string; readonly pattern: RegExp; readonly node: Node }[];
  readonly methods: Set<string>;
}

/** Which methods the paths of an API answer to: for `Allow`, when a request came with another one. */
export class PathMethods {
  readonly #root: Node = makeNode();

  /** @param path as in a route: `:name` stands for any text of a segment */
  add(method: string, path: string): void {
    let node = this.#root;
    for (const segment of path.split("/")) {
      const known = segment.includes(":")
        ? node.patterns.find((candidate) => candidate.segment === segment)?.node
        : node.exact.get(segment);
      if (known !== undefined) {
        node = known;
        continue;
      }
      const next = makeNode();
      if (segment.includes(":")) node.patterns.push({ segment, pattern: patternOf(segment), node: next });
      else node.exact.set(segment, next);
      node = next;
    }
    node.methods.add(method);
    if (method === "GET") node.methods.add("HEAD");
  }

  /** In alphabetical order; none when nothing is served at the path. */
  of(path: string): readonly string[] {
    let nodes = [this.#root];
    for (const segment of path.split("/")) {
      nodes = nodes.flatMap((node) => {
        const exact = node.exact.get(segment);
        const matching = node.patterns
          .filter(({ pattern }) => pattern.test(segment))
          .map((found) => found.node);
        return exact === undefined ? matching : [exact, ...matching];
      });
      if (nodes.length === 0) return [];
    }
    return [...new Set(nodes.flatMap((node) => [...node.methods]))].sort();
  }
}

function makeNode(): Node {
  return { exact: new Map(), patterns: [], methods: new Set() };
}

function patternOf(segment: string): RegExp {
  const pieces = segment.split(/:[A-Za-z_]\w*/).map((text) => text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".+")}$`);
}
