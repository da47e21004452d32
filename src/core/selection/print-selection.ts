import { unreachable } from "../unreachable.ts";
import type { Pattern } from "./pattern.ts";
import type { Levels, Selection } from "./selection-tree.ts";

/** The text of a tree; reading it gives the tree again. */
export function printSelection(tree: Selection): string {
  switch (tree.op) {
    case "match": {
      const { attribute, pattern, value } = tree;
      if (attribute === "key") return printKey(pattern);
      const equals = value === undefined ? "" : `=${printValue(value)}`;
      return `${attribute}:${printValue(pattern)}${equals}`;
    }
    case "or":
    case "and":
      return tree.of.map((part) => operand(part, binding[tree.op])).join(` ${tree.op} `);
    case "not":
      return `not ${operand(tree.of, binding.not - 1)}`;
    case "reach": {
      const up = tree.up === undefined ? "" : `${printLevels(tree.up)}+`;
      const down = tree.down === undefined ? "" : `+${printLevels(tree.down)}`;
      return `${up}${operand(tree.of, binding.reach)}${down}`;
    }
    case "sinks":
    case "roots":
      return `${tree.op}(${printSelection(tree.of)})`;
    default:
      return unreachable(tree);
  }
}

/** A key as it has to be written to mean just this one. */
export function printKey(pattern: Pattern): string {
  const bare = pattern.join("*");
  const plain = pattern.every((piece) => /^[\w\-/]*$/.test(piece)) && bare !== "";
  return plain && !/^(and|or|not|\d+)$/i.test(bare) ? bare : quotedPieces(pattern, /^[\w\-/]+$/, bare);
}

/** What follows the colon of an attribute. */
export function printValue(pattern: Pattern): string {
  return quotedPieces(pattern, /^[\w\-/@.:]+$/, undefined);
}

/** How strongly it binds: a part that binds no stronger than what it stands in needs parentheses. */
const binding = { or: 0, and: 1, not: 2, reach: 3, match: 4, sinks: 4, roots: 4 } as const;

function operand(tree: Selection, within: number): string {
  return binding[tree.op] > within ? printSelection(tree) : `(${printSelection(tree)})`;
}

function printLevels(levels: Levels): string {
  return levels === "all" ? "" : String(levels);
}

function quotedPieces(pattern: Pattern, plain: RegExp, unlike: string | undefined): string {
  if (pattern.length === 1 && pattern[0] === "") return '""';
  const text = pattern.map((piece) => (piece === "" || plain.test(piece) ? piece : quote(piece))).join("*");
  return text === unlike ? quote(text) : text;
}

function quote(piece: string): string {
  return `"${piece.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
