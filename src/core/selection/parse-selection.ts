import { MillraceError } from "../errors.ts";
import { suggest } from "../suggest.ts";
import { literalOf } from "./pattern.ts";
import { invalidSelection } from "./selection-error.ts";
import type { Levels, ParsedSelection, Selection } from "./selection-tree.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** Longer texts are no selections. 64 KiB hold two thousand keys. */
export const longestSelection = 65_536;
/** Of keys and attributes. What one of them costs grows with the project. */
export const mostTerms = 5_000;
/** Of terms with a `*`, which are compared with everything that there is. */
export const mostPatterns = 1_000;
/** Of parentheses, functions and `not` in one another. */
export const deepestNesting = 100;

const wantedTerm = "a key, an attribute such as group:name, a function such as sinks(…), or (";
const functions = ["sinks", "roots"] as const;

/**
 * What a text selects, as a tree. Takes time in proportion to the text.
 *
 * @throws SELECTION_INVALID with the character, SELECTION_EMPTY where nothing is written
 */
export function parseSelection(text: string): ParsedSelection {
  if (text.length > longestSelection) {
    const length = text.length.toLocaleString("en-US");
    const reason = `it has ${length} characters; ${longestSelection.toLocaleString("en-US")} are the most`;
    throw invalidSelection(text.slice(0, longestSelection), longestSelection, reason);
  }
  return Object.freeze({ text, tree: new Parser(text).selection() });
}

/**
 * A parser by recursive descent, one method for each strength of binding:
 * `selection = union`, `union = intersection {(blank | "," | "or") intersection}`,
 * `intersection = negation {"and" negation}`, `negation = "not" negation | reach`,
 * `reach = [[number] "+"] primary ["+" [number]]`, `primary = term | function "(" union ")" | "(" union ")"`.
 */
class Parser {
  readonly #text: string;
  readonly #tokens: Generator<Token, void>;
  #token: Token;
  #next: Token;
  #before = 0;
  #terms = 0;
  #patterns = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#token = this.#read();
    this.#next = this.#token.token === "end" ? this.#token : this.#read();
  }

  selection(): Selection {
    const tree = this.#union();
    if (this.#token.token === ")") throw this.#expected("nothing: no parenthesis is open here");
    if (tree === undefined) throw new MillraceError("SELECTION_EMPTY", { selection: this.#text.trim() });
    return tree;
  }

  #union(): Selection | undefined {
    const of: Selection[] = [];
    for (;;) {
      const { token } = this.#token;
      if (token === "end" || token === ")") break;
      if (token === ",") this.#take();
      else if (token === "or" && of.length > 0) {
        this.#take();
        of.push(this.#intersection());
      } else of.push(this.#intersection());
    }
    const [first] = of;
    return of.length > 1 ? Object.freeze({ op: "or", of: Object.freeze(of) }) : first;
  }

  #intersection(): Selection {
    const first = this.#negation();
    const of = [first];
    while (this.#token.token === "and") {
      this.#take();
      of.push(this.#negation());
    }
    return of.length > 1 ? Object.freeze({ op: "and", of: Object.freeze(of) }) : first;
  }

  #negation(): Selection {
    if (this.#token.token !== "not") return this.#reach();
    this.#enter();
    this.#take();
    const of = this.#negation();
    this.#depth -= 1;
    return Object.freeze({ op: "not", of });
  }

  #reach(): Selection {
    const up = this.#levelsUp();
    const of = this.#primary();
    const down = this.#levelsDown();
    if (up === undefined && down === undefined) return of;
    return Object.freeze({
      op: "reach",
      ...(up === undefined ? {} : { up }),
      ...(down === undefined ? {} : { down }),
      of,
    });
  }

  #levelsUp(): Levels | undefined {
    const first = this.#token;
    let levels: Levels = "all";
    if (first.token === "levels" && this.#next.token === "+" && this.#next.at === first.end) {
      ({ levels } = first);
      this.#take();
    } else if (first.token !== "+") return undefined;
    this.#take();
    if (!this.#touches()) throw this.#expected("what + belongs to, without a blank between", this.#before);
    return levels;
  }

  #levelsDown(): Levels | undefined {
    if (this.#token.token !== "+" || !this.#touches()) return undefined;
    const after = this.#take();
    if (!this.#touches()) return "all";
    if (after.token !== "levels") throw this.#expected("a number of levels or a blank");
    this.#take();
    if (this.#touches()) throw this.#expected("a blank");
    return after.levels;
  }

  /** Does something begin right here that could belong to what was just read? */
  #touches(): boolean {
    const { token, at } = this.#token;
    return at === this.#before && token !== "end" && token !== ")" && token !== ",";
  }

  #primary(): Selection {
    const token = this.#token;
    if (token.token === "(") return this.#parenthesis();
    if (token.token === "levels") {
      return this.#match({ attribute: "key", pattern: Object.freeze([String(token.levels)] as const) });
    }
    if (token.token === "attribute") {
      const { attribute, pattern, value } = token;
      return this.#match({ attribute, pattern, ...(value === undefined ? {} : { value }) });
    }
    if (token.token !== "key") throw this.#expected(wantedTerm);
    const { pattern, end } = token;
    if (this.#next.token !== "(") return this.#match({ attribute: "key", pattern });
    const name = this.#text.slice(token.at, end);
    const op = functions.find((one) => one === name);
    if (op !== undefined) {
      this.#take();
      return Object.freeze({ op, of: this.#parenthesis() });
    }
    if (this.#next.at !== end) return this.#match({ attribute: "key", pattern });
    const reason = `there is no function ${name.slice(0, 40)}; there are ${functions.join(" and ")}`;
    const meant = suggest(literalOf(pattern)?.slice(0, 40) ?? "", functions).map((one) => `${one}(`);
    throw invalidSelection(this.#text, token.at, reason, meant);
  }

  #match(of: Omit<Extract<Selection, { op: "match" }>, "op" | "at">): Selection {
    const { at } = this.#token;
    this.#terms += 1;
    if (of.pattern.length > 1 || (of.value?.length ?? 0) > 1) this.#patterns += 1;
    if (this.#terms > mostTerms) throw this.#tooMany(`${mostTerms.toLocaleString("en-US")} terms`);
    if (this.#patterns > mostPatterns) {
      throw this.#tooMany(`${mostPatterns.toLocaleString("en-US")} terms with a *`);
    }
    this.#take();
    return Object.freeze({ op: "match", ...of, at });
  }

  #parenthesis(): Selection {
    const { at } = this.#token;
    this.#enter();
    this.#take();
    const of = this.#union();
    if (of === undefined) throw this.#expected(wantedTerm);
    if (this.#token.token !== ")") {
      throw invalidSelection(this.#text, at, "the parenthesis that opens here is not closed");
    }
    this.#take();
    this.#depth -= 1;
    return of;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > deepestNesting) {
      throw invalidSelection(this.#text, this.#token.at, `it is nested more than ${deepestNesting} deep`);
    }
  }

  /** Goes on by one token, and gives the one that is there then. */
  #take(): Token {
    this.#before = this.#token.end;
    this.#token = this.#next;
    if (this.#next.token !== "end") this.#next = this.#read();
    return this.#token;
  }

  #read(): Token {
    const token = this.#tokens.next().value;
    if (token === undefined)
      throw new MillraceError("INTERNAL", { reason: "a selection's text ended twice" });
    return token;
  }

  #tooMany(most: string): MillraceError {
    return invalidSelection(this.#text, this.#token.at, `it has more than ${most}`);
  }

  #expected(wanted: string, at = this.#token.at): MillraceError {
    return invalidSelection(this.#text, at, `expected ${wanted}`);
  }
}
