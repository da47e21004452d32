import { isRecord } from "../option-rules.ts";
import { secretMark } from "./secret.ts";
import { secretForms, shortestSecret } from "./secret-forms.ts";

/**
 * Puts `***` in place of secrets, wherever they occur in texts. Made once for a run, or for a process that serves, with
 * the secrets of its config; those of resources are added when they are known. Without secrets it does nothing.
 */
export class Redactor {
  #forms: readonly string[] = [];
  readonly #secrets = new Set<string>();

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets);
  }

  /** Texts to look for from now on, those of fewer than 4 characters left out. */
  add(secrets: Iterable<string>): void {
    const before = this.#secrets.size;
    for (const secret of secrets) if (secret.length >= shortestSecret) this.#secrets.add(secret);
    if (this.#secrets.size > before) this.#forms = [...new Set([...this.#secrets].flatMap(secretForms))];
  }

  /** Nothing is looked for. */
  get isIdle(): boolean {
    return this.#forms.length === 0;
  }

  /** Whether a text has a secret in it. */
  holds(text: string): boolean {
    return this.#forms.some((form) => text.includes(form));
  }

  /** The text, with each secret replaced. Where secrets overlap, all of their letters go. */
  text(text: string): string {
    const found = this.#found(text);
    if (found.length === 0) return text;
    const parts: string[] = [];
    let end = 0;
    for (const { from, to } of found) {
      if (from >= end) parts.push(text.slice(end, from), secretMark);
      end = Math.max(end, to);
    }
    return [...parts, text.slice(end)].join("");
  }

  /**
   * Data as JSON would write it, with each secret in it replaced, in the names of members too. What JSON would leave out
   * stays as it is; the very same value where no secret is known.
   */
  data<T>(value: T): T {
    return this.isIdle ? value : (this.#data(value, new Set()) as T);
  }

  #data(value: unknown, above: Set<object>): unknown {
    if (typeof value === "string") return this.text(value);
    // A secret of digits may have become a number.
    if (typeof value === "number" || typeof value === "bigint")
      return this.holds(String(value)) ? secretMark : value;
    // A circle is left for whoever writes it down to refuse.
    if (!isObject(value) || above.has(value)) return value;
    above.add(value);
    try {
      if (Array.isArray(value)) return value.map((item) => this.#data(item, above));
      if (isRecord(value) && typeof value["toJSON"] === "function") {
        const written: unknown = value["toJSON"]("");
        const redacted = this.#data(written, above);
        return redacted === written ? value : redacted;
      }
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [this.text(name), this.#data(item, above)]),
      );
    } finally {
      above.delete(value);
    }
  }

  #found(text: string): readonly { readonly from: number; readonly to: number }[] {
    const found: { from: number; to: number }[] = [];
    for (const form of this.#forms) {
      for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + 1))
        found.push({ from, to: from + form.length });
    }
    return found.sort((a, b) => a.from - b.from);
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
