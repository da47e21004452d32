/** The end of a selection that somebody is writing. */
export interface UnfinishedPart {
  /** Where the part begins that is being written; the end of the text when none is. */
  readonly from: number;
  /** The attribute whose value it is. */
  readonly attribute?: string;
  /** The tag whose value it is. */
  readonly tag?: string;
  /** Does a whole term stand before it, so that an operator may follow? */
  readonly follows: boolean;
}

/** A sign, or a word with texts in quotes inside; the last quote may still be open. */
const part = /[(),+]|(?:[^\s(),+"]|"(?:[^"\\]|\\.)*(?:"|\\?$))+/gs;
const attributed = /^(\w[\w-]*):(?:((?:[^"=]|"(?:[^"\\]|\\.)*")*)=)?/s;

/** Looks at the parts only, not at what they make together: what is being written is no selection yet. */
export function unfinishedPart(text: string): UnfinishedPart {
  let follows = false;
  let last: RegExpExecArray | undefined;
  for (const found of text.matchAll(part)) {
    if (last !== undefined) follows = endsTerm(last[0]);
    last = found;
  }
  if (last === undefined || /^[(),+]$/.test(last[0]) || last.index + last[0].length < text.length) {
    return { from: text.length, follows: last !== undefined && endsTerm(last[0]) };
  }
  const [, attribute, tag] = attributed.exec(last[0]) ?? [];
  if (attribute === undefined) return { from: last.index, follows };
  const value = last.index + attribute.length + 1;
  if (attribute !== "tag" || tag === undefined) return { from: value, attribute, follows };
  return { from: value + tag.length + 1, attribute, tag: unquoted(tag), follows };
}

function endsTerm(written: string): boolean {
  return written === ")" || !/^(?:[(,+]|and|or|not)$/i.test(written);
}

function unquoted(text: string): string {
  return text.replaceAll(/"((?:[^"\\]|\\.)*)"/gs, (_, inner: string) => inner.replaceAll(/\\(.)/gs, "$1"));
}
