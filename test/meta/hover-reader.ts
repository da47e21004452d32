import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Asks the compiler's language server, as an editor does, over its standard streams. */
export class HoverReader implements AsyncDisposable {
  readonly #child;
  readonly #waiting = new Map<number, (answer: Message) => void>();
  #received = Buffer.alloc(0);
  #next = 0;

  private constructor(root: string) {
    const tsc = join(
      dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
      "bin",
      "tsc",
    );
    this.#child = spawn(tsc, ["--lsp", "--stdio"], { cwd: root, stdio: ["pipe", "pipe", "ignore"] });
    this.#child.stdout.on("data", (piece: Buffer) => this.#receive(piece));
  }

  static async open(root: string): Promise<HoverReader> {
    const reader = new HoverReader(root);
    const capabilities = { textDocument: { hover: { contentFormat: ["plaintext"] } } };
    await reader.#ask("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      capabilities,
    });
    reader.#send({ method: "initialized", params: {} });
    return reader;
  }

  openFile(path: string): void {
    const textDocument = {
      uri: pathToFileURL(path).href,
      languageId: "typescript",
      version: 1,
      text: readFileSync(path, "utf8"),
    };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
  }

  /** What is shown of the name in this place, in one line. Lines and characters count from 0. */
  async hover(path: string, line: number, character: number): Promise<string> {
    const place = { textDocument: { uri: pathToFileURL(path).href }, position: { line, character } };
    const shown = (await this.#ask("textDocument/hover", place)) as {
      readonly contents?: { readonly value?: string };
    } | null;
    return (shown?.contents?.value ?? "").replace(/\s+/g, " ").trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill();
    await closed;
  }

  async #ask(method: string, params: object): Promise<unknown> {
    const id = (this.#next += 1);
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #receive(piece: Buffer): void {
    this.#received = Buffer.concat([this.#received, piece]);
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.#received.toString("latin1", 0, Math.max(end, 0)))?.[1],
      );
      if (end < 0 || this.#received.length < end + 4 + length) return;
      const message = JSON.parse(this.#received.toString("utf8", end + 4, end + 4 + length)) as Message;
      this.#received = this.#received.subarray(end + 4 + length);
      this.#take(message);
    }
  }

  #take({ id, method, params, ...rest }: Message): void {
    if (id === undefined) return;
    // The server asks, too: it is told that nothing is set.
    if (method !== undefined) this.#send({ id, result: params?.items?.map(() => null) ?? null });
    else this.#waiting.get(id)?.(rest);
  }
}
