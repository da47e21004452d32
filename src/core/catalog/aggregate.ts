import type { PartitionRange } from "../partition/range.ts";
import { type Hash128, hash128 } from "./hash128.ts";

/** A range of an asset and the data version of what it holds. */
export interface AggregatePiece {
  readonly range: PartitionRange;
  readonly dataVersion: string;
}

const algorithm = "sum128";

/**
 * The data version of many pieces together. It depends only on which data version each partition has: not on the order
 * of the pieces, nor on where neighbours of equal data are cut. Adding and taking away are exact, so that a publish of
 * one partition among a million costs the same as among ten (N10).
 *
 * A piece counts as h(slice, to, data) − h(slice, from, data); where two pieces of equal data meet, the terms of the
 * border cancel out. Sums are kept modulo 2³² in four lanes.
 */
export class Aggregate {
  readonly #sum: Uint32Array;

  private constructor(sum: Uint32Array) {
    this.#sum = sum;
  }

  static empty(): Aggregate {
    return new Aggregate(new Uint32Array(4));
  }

  /** Reads back what `toString` gave. */
  static parse(text: string): Aggregate {
    const digits = text.slice(algorithm.length + 1);
    if (!text.startsWith(`${algorithm}:`) || !/^[0-9a-f]{32}$/.test(digits)) {
      throw new TypeError(`${text} is no aggregate data version`);
    }
    return new Aggregate(
      Uint32Array.from({ length: 4 }, (_, lane) => parseInt(digits.slice(lane * 8, lane * 8 + 8), 16)),
    );
  }

  add({ range, dataVersion }: AggregatePiece): this {
    this.#count(border(range.slice, range.to, dataVersion), 1);
    this.#count(border(range.slice, range.from, dataVersion), -1);
    return this;
  }

  remove({ range, dataVersion }: AggregatePiece): this {
    this.#count(border(range.slice, range.to, dataVersion), -1);
    this.#count(border(range.slice, range.from, dataVersion), 1);
    return this;
  }

  toString(): string {
    return `${algorithm}:${Array.from(this.#sum, (lane) => lane.toString(16).padStart(8, "0")).join("")}`;
  }

  #count(hash: Hash128, sign: 1 | -1): void {
    for (let lane = 0; lane < 4; lane += 1) {
      this.#sum[lane] = (this.#sum[lane] ?? 0) + sign * (hash[lane] ?? 0);
    }
  }
}

function border(slice: string, ordinal: number, dataVersion: string): Hash128 {
  return hash128(`${slice.length}:${slice}:${ordinal}:${dataVersion}`);
}

/** `sum128:` and 32 hexadecimal digits, also for a single piece. */
export function aggregateDataVersion(pieces: readonly AggregatePiece[]): string {
  const sum = Aggregate.empty();
  for (const piece of pieces) sum.add(piece);
  return sum.toString();
}
