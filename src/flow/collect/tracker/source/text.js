/** At most `length` characters of `text`, or undefined; whole characters, so that no half of an emoji is left over. */
export function cut(text, length) {
  const characters = Array.from(text || "");
  return characters.slice(0, length).join("") || undefined;
}
