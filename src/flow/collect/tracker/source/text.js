/** At most `length` characters of `text`; whole ones, so that no half of an emoji is left over. */
export const cut = (text, length) => Array.from(text || "").slice(0, length).join("") || undefined;
