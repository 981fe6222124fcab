/**
 * A UUIDv7 whose first 48 bits are `time` (milliseconds since 1970).
 * crypto.randomUUID() is not used: it is missing on plain http pages, and version 4 does not sort by time.
 */
export function newId(time = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const digits =
    time.toString(16).padStart(12, "0") + "7" + random.slice(0, 3) + "89ab"[bytes[9] & 3] + random.slice(3, 18);
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
