import { nucleus } from "./001-nucleus.ts";

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** In the notation of `dialect.ts`. */
  readonly schema: string;
}

/** In order. One that was released is never changed: a later one follows. */
export const migrations: readonly Migration[] = [{ number: 1, name: "nucleus", schema: nucleus }];
