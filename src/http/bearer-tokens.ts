import { createHash, timingSafeEqual } from "node:crypto";

export interface BearerToken {
  /** Whose token it is: for logs. */
  readonly name: string;
  readonly token: string;
}

/** Static bearer tokens (RFC 6750). Without any, everybody may ask. */
export class BearerTokens {
  readonly #known: readonly { readonly name: string; readonly digest: Buffer }[];

  constructor(tokens: readonly BearerToken[]) {
    this.#known = tokens.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  }

  get required(): boolean {
    return this.#known.length > 0;
  }

  /** Whose token the `Authorization` header carries. */
  nameOf(authorization: string | undefined): string | undefined {
    return this.#nameOf(/^bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? "")?.[1] ?? "");
  }

  /** Who logs in by the dialogue of a browser (Basic, RFC 7617), which sends no bearer token: name and token. */
  nameOfLogin(authorization: string | undefined): string | undefined {
    const [, encoded = ""] = /^basic +([\w+/=-]+) *$/i.exec(authorization ?? "") ?? [];
    const login = Buffer.from(encoded, "base64").toString();
    const [, name, token = ""] = /^([^:]*):(.*)$/.exec(login) ?? [];
    const found = this.#nameOf(token);
    return found === name ? found : undefined;
  }

  /** Digests are compared, and all of them, so that the time taken tells nothing about any token. */
  #nameOf(token: string): string | undefined {
    const digest = digestOf(token);
    let found: string | undefined;
    for (const known of this.#known) if (timingSafeEqual(known.digest, digest)) found = known.name;
    return token === "" ? undefined : found;
  }
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
