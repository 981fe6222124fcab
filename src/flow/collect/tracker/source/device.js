import { newId } from "./ids.js";
import { privacySignal, settings } from "./settings.js";

/**
 * What is kept on the visitor's device, and only after consent:
 *
 *   flow.<restaurant>.visitor           the lasting visitor id; that it exists IS the consent
 *   flow.<restaurant>.<load>.<event>    an event the server has not acknowledged yet
 *
 * <load> is one loading of a page. It holds the Web Lock of the same name while it lives, so that
 * another page knows whether the events under it still have an owner or were left behind.
 * Nothing is cached in memory: withdrawing consent in one tab thereby holds in all of them at once.
 */
const load = newId();
let held;
let release;

const prefix = (rest) => `flow.${settings.restaurant}.${rest}`;
const keys = (start) => Object.keys(localStorage).filter((key) => key.startsWith(start));

/** Storage may be forbidden, full or missing: then this visit goes on without it. */
function attempt(action) {
  try {
    return action(localStorage);
  } catch {}
}

/** The lasting id, or nothing before consent. */
export const visitor = () => attempt((storage) => storage.getItem(prefix("visitor"))) || undefined;

export function remember() {
  visitor() || privacySignal() || attempt((storage) => storage.setItem(prefix("visitor"), newId()));
  if (visitor()) claim();
}

export function forgetAll() {
  attempt((storage) => keys(prefix("")).forEach((key) => storage.removeItem(key)));
  disown();
}

const slot = (entry) => prefix(`${load}.${entry[0].id}`);

export function save(entry) {
  visitor() && attempt((storage) => storage.setItem(slot(entry), JSON.stringify(entry)));
}

export function forget(entry) {
  attempt((storage) => storage.removeItem(slot(entry)));
}

/** Runs `action` while holding the lock; without Web Locks (plain http) simply runs it: the server knows doubles. */
function lock(name, options, action) {
  navigator.locks ? navigator.locks.request(prefix(name), options, action).catch(() => {}) : action(1);
}

/** Says that this page load lives and owns its events, until disown(). */
function claim() {
  if (release) return;
  held = new Promise((resolve) => (release = resolve));
  lock(load, {}, () => held);
}

/** A page that still held a lock could not enter the back/forward cache. */
export function disown() {
  release?.();
  release = undefined;
}

/**
 * Hands `receive` every entry that a closed or crashed page left behind; each goes to one page only. That page keeps
 * the lock, since others may for a moment still see the entries that it has taken.
 */
export function adopt(receive) {
  if (!visitor()) return disown();
  claim();
  for (const owner of new Set(keys(prefix("")).map((key) => key.split(".")[2]))) {
    if (owner == load || owner == "visitor") continue;
    lock(owner, { ifAvailable: true }, (free) => {
      for (const key of free ? keys(prefix(owner)) : []) {
        attempt((storage) => receive(JSON.parse(storage.getItem(key))));
        localStorage.removeItem(key);
      }
      return free && held;
    });
  }
}
