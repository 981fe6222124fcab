import { style } from "./bannerstyle.js";
import { WORDS } from "./bannerwords.js";

/**
 * /consent.js: asks once whether the tracker may remember this device, and lets the visitor change the answer at any
 * time. Yes and no are two buttons of one size, side by side; nothing is stored before one of them is pressed.
 *
 * The tag's attributes: data-restaurant and data-key as on the tracker's, data-language (else the page's), data-endpoint
 * (else this script's origin). A press on anything marked data-flow-consent opens the question again.
 *
 * What is kept, after an answer alone: flow-consent.<restaurant> = {answer, version, at, told}. A yes is told to the
 * server until it has acknowledged it, on later pages if need be; that is its proof.
 */
const tag = document.currentScript;
const { restaurant, key } = tag.dataset;
const base = tag.dataset.endpoint || new URL(tag.src).origin;
const NAME = `flow-consent.${restaurant}`;
const DAY_MS = 864e5;
const LANGUAGES = [tag.dataset.language, document.documentElement.lang, ...navigator.languages, "da"];
const spoken = LANGUAGES.map((wish) => (wish || "").slice(0, 2)).find((wish) => WORDS[wish]);
const words = WORDS[spoken];
const signalled = () => navigator.globalPrivacyControl || navigator.doNotTrack === "1";

let question;
let host;
let opener;

/** Where storage is forbidden, the visitor is asked on every page and nothing is remembered. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(NAME));
  } catch {}
}

function keepChoice(choice) {
  try {
    localStorage.setItem(NAME, JSON.stringify(choice));
  } catch {}
}

async function ask() {
  const query = new URLSearchParams({ restaurant_id: restaurant, language: spoken });
  question ||= await (await fetch(`${base}/api/consents/banner?${query}`, { credentials: "omit" })).json();
  return question;
}

/** Whether there is an answer that still holds; a yes that has lapsed is taken back. */
function isAnswered(validDays) {
  const choice = kept();
  if (!choice) return window.flow.consent();
  if (Date.now() - choice.at < validDays * DAY_MS) return true;
  window.flow.consent("none");
}

function answer(value) {
  const shown = { version: question.version, language: question.language };
  const analytics = window.flow.consent(value, shown);
  keepChoice({ answer: value, ...shown, at: Date.now(), told: !analytics });
  if (analytics) tellUntilHeard().catch(() => {});
  close();
  document.dispatchEvent(new CustomEvent("flow:consent", { detail: { analytics } }));
}

/** The tracker told it already, but cannot know whether it arrived; the server knows doubles. */
async function tellUntilHeard() {
  const choice = kept();
  const visitor_id = localStorage.getItem(`flow.${restaurant}.visitor`);
  if (!visitor_id || choice?.told !== false) return;
  const { version, language } = choice;
  const body = JSON.stringify({ restaurant_id: restaurant, key, visitor_id, granted: true, version, language });
  const reply = await fetch(`${base}/api/consents/analytics`, { method: "POST", body, credentials: "omit", keepalive: true });
  if (reply.status < 429) keepChoice({ ...choice, told: true });
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function press(label, value) {
  return element("button", { type: "button", textContent: label, onclick: () => answer(value) });
}

/** The region is the first thing on the page for the keyboard, and never covers what has the focus. */
function show(note) {
  close();
  const title = element("h2", { id: "title", tabIndex: -1, textContent: words.title });
  const buttons = element("div", {}, press(words.no, "none"), press(words.yes, "analytics"));
  const parts = [title, element("p", { textContent: question.text }), buttons];
  if (note) {
    parts.splice(1, 0, element("p", { className: "note", textContent: note }));
    parts.push(element("button", { type: "button", className: "close", textContent: words.close, onclick: close }));
  }
  const region = element("section", { lang: question.language }, ...parts);
  region.setAttribute("aria-labelledby", "title");
  host = element("div", { id: "flow-consent" });
  const root = host.attachShadow({ mode: "open" });
  style(root);
  root.append(region);
  document.body.prepend(host);
  document.documentElement.style.scrollPaddingBottom = `${region.offsetHeight + 24}px`;
  document.body.style.paddingBottom = `${region.offsetHeight + 24}px`;
  return title;
}

function close() {
  if (!host) return;
  const hadFocus = host.matches(":focus-within");
  host.remove();
  host = undefined;
  document.documentElement.style.scrollPaddingBottom = "";
  document.body.style.paddingBottom = "";
  if (hadFocus) opener?.focus();
  opener = undefined;
}

/** Opens the question again, says what the answer is now, and brings the focus there. */
async function reopen(from) {
  await ask();
  const now = window.flow.consent() ? words.saidYes : kept() ? words.saidNo : words.notYet;
  const title = show(signalled() ? words.signal : now);
  opener = from;
  title.focus();
}

document.addEventListener("click", (event) => {
  const from = event.target.closest?.("[data-flow-consent]");
  if (from) reopen(from).catch(() => {});
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opener) close();
});

async function begin() {
  if (!window.flow?.consent || signalled()) return;
  tellUntilHeard().catch(() => {});
  const choice = kept();
  if (choice && Date.now() - choice.at < DAY_MS) return; // answered today: nothing to look up
  const { valid_days: validDays } = await ask();
  if (!isAnswered(validDays || 365)) show();
}

window.flowConsent = { open: () => reopen(document.activeElement) };
if (document.readyState === "complete") begin().catch(() => {});
else addEventListener("load", () => begin().catch(() => {}));
