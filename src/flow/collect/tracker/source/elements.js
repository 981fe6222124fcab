import { cut } from "./text.js";

/** What may be told of an element: what it is and what it says, never what a visitor wrote. */

const WRITABLE = "input,textarea,select,[contenteditable]";
const MASK = "[data-flow-mask]";
const MASKED = "•••";
const ACTION = "a,button,label,summary,[role=button],[role=tab],[role=menuitem]," + WRITABLE;

/** The element an event is about, or nothing if it or anything around it is marked data-flow-ignore. */
export function subject(event) {
  const element = event.composedPath()[0]; // event.target stops at the edge of a web component
  return isMarked(element, "[data-flow-ignore]") ? undefined : element;
}

/** Whether `element` or anything around it, web components included, matches. */
const isMarked = (element, mark) => element && (element.closest(mark) || isMarked(element.getRootNode().host, mark));

/** The link, button or field around `element`, else the element itself. */
export const actionable = (element) => element.closest(ACTION) || element;

/** Attributes, not properties: a field called "id" or "name" hides those of its form. */
export const attribute = (element, name) => cut(element.getAttribute(name), name == "class" ? 500 : 200);

export const describe = (element) => ({
  element_id: attribute(element, "id"),
  element_class: attribute(element, "class"),
  element_text: wording(element),
});

function wording(element) {
  if (isMarked(element, WRITABLE)) return;
  return isMarked(element, MASK) ? MASKED : cut(text(element).replace(/\s+/g, " ").trim(), 100);
}

/** Not textContent: that holds what is written in text areas, and masked parts. */
function text(element) {
  if (element.matches(WRITABLE + ",script,style,[data-flow-ignore]")) return "";
  if (element.matches(MASK)) return MASKED;
  let said = "";
  for (const node of element.childNodes) {
    if (node.nodeType == 3) said += node.data.replace(/\s+/g, " ");
    else if (node.nodeType == 1) said += ` ${text(node)} `;
    if (said.length > 400) break;
  }
  return said;
}

/** A CSS path of at most five steps, from the nearest ancestor with an id. */
export function selector(element) {
  const steps = [];
  for (let node = element; node && steps.length < 5; node = node.parentElement) {
    const id = node.getAttribute("id");
    steps.unshift(id ? "#" + CSS.escape(id) : node.localName + place(node));
    if (id) break;
  }
  return cut(steps.join(">"), 500);
}

function place(element) {
  const siblings = Array.from(element.parentElement?.children || []);
  const twins = siblings.filter((node) => node.localName == element.localName);
  return twins[1] ? `:nth-of-type(${twins.indexOf(element) + 1})` : "";
}
