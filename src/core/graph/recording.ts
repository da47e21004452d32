import { isDefinitionName } from "../definition-name.ts";
import type { DefinitionSite } from "../definition-site.ts";
import { MillraceError, type ErrorCode, type ErrorPlace } from "../errors.ts";
import { givenIds, type GraphNode, type Guard } from "./graph-data.ts";

/**
 * Where a graph function is at: its calls become nodes of this. A ref can be used in the frame that it was made in, and
 * in those inside that one up to the next graph, which sees only what it is given.
 */
export interface Frame {
  readonly kind: "root" | "graph" | "map" | "branch";
  /** For messages: "the job ingest", "the map map_2". */
  readonly what: string;
  readonly around: Frame | undefined;
  /** Of the scope that it is in: a branch and a graph add to those around them. */
  readonly nodes: GraphNode[];
  /** Before each name: `clean.` in a graph. */
  readonly prefix: string;
  readonly guard: Guard | undefined;
  /** What every node in it waits for. */
  readonly after: readonly string[];
  readonly recording: Recording;
  /** The nested graph that it is, where it is one. */
  readonly graph?: { readonly name: string };
}

/** Who has a graph function: a job, or an asset. */
export interface GraphOwner {
  /** For messages: "the job ingest". */
  readonly what: string;
  readonly place: Pick<ErrorPlace, "job" | "asset">;
}

let atWork: Recording | undefined;

/** Writes down what the graph function of one job or asset calls. There is one at work at a time, for as long as the function is. */
export class Recording {
  /** Of whose function it is. */
  readonly owner: GraphOwner;
  /** Mistakes are collected: the project tells all of them at once. */
  readonly problems: MillraceError[] = [];
  readonly root: Frame;
  #frame: Frame;
  /** Names that are taken, by what. Given ids have no place. */
  readonly #taken = new Map<string, DefinitionSite | undefined>(givenIds.map((id) => [id, undefined]));
  readonly #next = new Map<string, number>();
  readonly #nodes = new Set<string>();

  constructor(owner: GraphOwner) {
    this.owner = owner;
    this.root = {
      kind: "root",
      what: owner.what,
      around: undefined,
      nodes: [],
      prefix: "",
      guard: undefined,
      after: [],
      recording: this,
    };
    this.#frame = this.root;
  }

  /**
   * The one at work.
   *
   * @param what called, for the message
   * @throws OP_CALLED_OUTSIDE_GRAPH
   */
  static atWork(what: string, site: DefinitionSite): Recording {
    if (atWork !== undefined) return atWork;
    throw new MillraceError("OP_CALLED_OUTSIDE_GRAPH", { what }, { place: site.place });
  }

  /** @throws OP_CALLED_OUTSIDE_GRAPH when it is another, or none, that is at work */
  mustBeAtWork(what: string, site: DefinitionSite): void {
    if (atWork === this) return;
    throw new MillraceError(
      "OP_CALLED_OUTSIDE_GRAPH",
      { what: `${what} of ${this.root.what}` },
      { place: site.place },
    );
  }

  get frame(): Frame {
    return this.#frame;
  }

  /** Does `work` in a frame; as the root's it makes this the recording at work. */
  within<T>(frame: Frame, work: () => T): T {
    const before = { recording: atWork, frame: this.#frame };
    [atWork, this.#frame] = [this, frame];
    try {
      return work();
    } finally {
      [atWork, this.#frame] = [before.recording, before.frame];
    }
  }

  report(code: ErrorCode, details: Readonly<Record<string, string | number>>, site: DefinitionSite): void {
    this.problems.push(new MillraceError(code, details, { place: { ...this.owner.place, ...site.place } }));
  }

  /**
   * A name that nothing in the job has yet: the one asked for, or `base`, with the next free number where it is taken.
   *
   * @param inner names that it takes besides, below its own
   */
  nameFor(base: string, asked: unknown, site: DefinitionSite, inner: readonly string[] = []): string {
    const free = (id: string): boolean =>
      !this.#taken.has(id) && inner.every((part) => !this.#taken.has(`${id}.${part}`));
    const isAsked = this.#isName(asked, site);
    const name = this.#frame.prefix + (isAsked ? asked : base);
    let id = name;
    if (!free(id)) {
      if (isAsked) this.#reportTaken(name, site);
      let number = this.#next.get(name) ?? 2;
      while (!free(`${name}_${number}`)) number += 1;
      this.#next.set(name, number + 1);
      id = `${name}_${number}`;
    }
    for (const part of [id, ...inner.map((one) => `${id}.${one}`)]) this.#taken.set(part, site);
    return id;
  }

  #isName(asked: unknown, site: DefinitionSite): asked is string {
    if (asked === undefined) return false;
    if (isDefinitionName(asked)) return true;
    this.report("INVALID_NAME", { what: "a step", name: JSON.stringify(asked) ?? "?" }, site);
    return false;
  }

  #reportTaken(key: string, site: DefinitionSite): void {
    const other = this.#taken.get(key);
    if (other !== undefined) this.report("DUPLICATE_KEY", { what: "step", key, other: String(other) }, site);
    else {
      const reason = "config and partition stand for what the run is given; give it another name";
      this.report("INVALID_OPTION", { what: "step", key, reason }, site);
    }
  }

  /** What every node has, whatever it does. */
  base(
    id: string,
    site: DefinitionSite,
    after: readonly string[] = [],
  ): Pick<GraphNode, "id" | "after" | "guard" | "site"> {
    const { guard } = this.#frame;
    const waited = Object.freeze([...new Set([...this.#frame.after, ...after])]);
    return { id, after: waited, ...(guard === undefined ? {} : { guard }), site };
  }

  /** @param at its place among the nodes of the frame; at the end when absent */
  add(node: GraphNode, at = this.#frame.nodes.length): void {
    this.#nodes.add(node.id);
    this.#frame.nodes.splice(at, 0, Object.freeze(node));
  }

  /** Is it that of a node? The config, and the items of maps, have ids without one. */
  isNode(id: string): boolean {
    return this.#nodes.has(id);
  }
}
