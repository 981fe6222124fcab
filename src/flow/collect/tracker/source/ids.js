let count = 0;

/**
 * A UUIDv7 whose first 48 bits are `time` (milliseconds since 1970); the next 12 count, so that the ids of one
 * millisecond sort in the order they were made.
 * crypto.randomUUID() is not used: it is missing on plain http pages, and version 4 does not sort by time.
 */
export function newId(time = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  const random = Array.from(bytes, (byte) => hex(byte, 2)).join("");
  const digits = hex(time, 12) + "7" + hex(count++ & 0xfff, 3) + "89ab"[bytes[8] & 3] + random.slice(0, 15);
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const hex = (number, length) => number.toString(16).padStart(length, "0");
