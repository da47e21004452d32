/**
 * The texts under which a secret may be met: as it is, escaped as inside JSON (also twice), percent-encoded, and in
 * base64. There it may follow other bytes, as in `user:password`, so the letters that are its own alone are looked for
 * at each of the three places where it can begin.
 */
export function secretForms(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = percentEncoded(secret);
  const forms = [
    secret,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll("%20", "+"),
    ...base64Forms(secret),
  ];
  return [...new Set(forms)].filter((form) => form.length >= shortestSecret);
}

/** Texts of fewer characters would be found everywhere, in words and numbers that have nothing to do with them. */
export const shortestSecret = 4;

/** A text with half of a surrogate pair has no bytes of its own: they are those of the replacement character. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function base64Forms(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = base64(new Uint8Array([...new Uint8Array(before), ...bytes]));
    // Six bits a letter: those that hold bits of neighbours differ with them.
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    const own = text.slice(first, last);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
