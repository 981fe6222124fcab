import { adopt, forget, save } from "./device.js";
import { envelope } from "./envelope.js";
import { quiet } from "./page.js";
import { settings } from "./settings.js";

/** Browsers let 64 KiB of keepalive requests be under way at a time; this leaves room for the envelopes. */
const BATCH_BYTES = 6e4;
const BATCH_EVENTS = 250;
const QUEUE_EVENTS = 2000;
const TIMEOUT_MS = 3e4;
const LONGEST_WAIT_MS = 6e4;

/** Entries [event, referrer of its page load] that the server has not acknowledged yet, by event id. */
const queue = new Map();
/** Those of them in keepalive requests under way, and the weight of these requests. */
const handed = new Set();
let handedBytes = 0;
let busy;
let timer;
let failures = 0;
/** The server's Retry-After as a moment of performance.now(): nothing is sent before it, but by handOver(). */
let pausedUntil = 0;

const counts = { sent: 0, rejected: 0, dropped: 0 };
export const stats = () => ({ queued: queue.size, ...counts });

export function enqueue(entry) {
  if (queue.size >= QUEUE_EVENTS) return ++counts.dropped;
  queue.set(entry[0].id, entry);
  save(entry);
}

export const saveAll = () => queue.forEach(save);

/** Sends within `wait` ms; what is already planned (a retry, say) keeps its time. */
export function sendWithin(wait) {
  timer ||= setTimeout(flush, wait);
}

/** Sends now, unless a retry is waiting for its time. */
export const sendNow = () => failures || flush();

/** Tries again now: the network is back. */
export function retryNow() {
  failures = 0;
  flush();
}

export const flush = quiet(() => {
  clearTimeout(timer);
  timer = 0;
  adopt(enqueue);
  const pause = pausedUntil - performance.now();
  if (pause > 0) return sendWithin(pause);
  const batch = busy ? [] : take(BATCH_BYTES);
  if (batch[0]) post(batch, envelope(batch));
});

/**
 * The page may vanish any moment: hands all that is unacknowledged to the browser, which sends it even then.
 * What an ordinary request is carrying goes too, for that request may be cancelled; the server knows doubles.
 */
export const handOver = quiet(() => {
  let batch;
  while ((batch = take(BATCH_BYTES - handedBytes, 1))[0]) post(batch, envelope(batch), 1);
});

/** The same as soon as the running code is done, for an event of a hidden page; a waiting retry keeps its time. */
export const handOverSoon = () => failures || queueMicrotask(handOver);

/** The oldest entries not handed over yet that fit: at most `room` bytes, of one page load (one referrer). */
function take(room, strictly) {
  const batch = [];
  for (const entry of queue.values()) {
    if (handed.has(entry)) continue;
    room -= new Blob([JSON.stringify(entry)]).size;
    const fits = room > 0 || (!strictly && !batch[0]);
    if (!fits || batch.length == BATCH_EVENTS || (batch[0] || entry)[1] != entry[1]) break;
    batch.push(entry);
  }
  return batch;
}

async function post(batch, body, keepalive) {
  let wait = 0;
  if (keepalive) {
    handedBytes += body.size;
    batch.forEach((entry) => handed.add(entry));
  } else busy = 1;
  try {
    await deliver(batch, body, keepalive);
    failures = 0;
  } catch {
    wait = Math.min(LONGEST_WAIT_MS, 1e3 * 2 ** failures++) * (0.5 + Math.random() / 2);
    clearTimeout(timer);
    timer = 0;
  }
  if (keepalive) {
    handedBytes -= body.size;
    batch.forEach((entry) => handed.delete(entry));
  } else busy = 0;
  if (queue.size > handed.size) sendWithin(wait);
}

/** Throws when the batch must be tried again; the same event ids then tell the server what it already has. */
async function deliver(batch, body, keepalive) {
  if (keepalive && !("keepalive" in Request.prototype)) {
    if (!navigator.sendBeacon(settings.endpoint, body)) throw 0;
    return settle(batch, "sent");
  }
  const response = await fetch(settings.endpoint, {
    method: "POST",
    body,
    keepalive: !!keepalive,
    credentials: "omit",
    referrerPolicy: "origin",
    signal: AbortSignal.timeout?.(TIMEOUT_MS),
  });
  if (/408|429|5../.test(response.status)) {
    pausedUntil = performance.now() + 1e3 * Math.min(3600, response.headers.get("Retry-After"));
    throw 0;
  }
  if (!response.ok) return settle(batch, "dropped");
  const answer = await response.json(); // an answer cut short throws too: it is no answer
  counts.rejected += answer.rejected;
  settle(batch, "sent");
}

function settle(batch, outcome) {
  for (const entry of batch) {
    counts[outcome] += queue.delete(entry[0].id);
    forget(entry);
  }
}
