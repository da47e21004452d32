/** A text in a Mermaid flowchart: what means something in Mermaid or HTML as the entity that Mermaid reads, `#` and the character's number. */
export function mermaidLabel(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} .,:;/_()[\]→«»…-]/gu,
    (character) => `#${character.codePointAt(0) ?? 63};`,
  );
}
