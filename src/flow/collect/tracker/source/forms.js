import { attribute, selector, subject } from "./elements.js";
import { on } from "./page.js";
import { cut } from "./text.js";
import { emit, onEnd } from "./views.js";

const FIELD = "input:not([type=submit],[type=button],[type=reset],[type=image]),textarea,select";

/** form_started, form_field_focus, form_field_error, form_submitted, form_abandoned: names of fields, never values. */
export function forms() {
  /** Forms filled in but not sent: form → [performance.now() of the first input, last field]. */
  const begun = new Map();

  onField("focusin", (form, field) => {
    emit("form_field_focus", { form_id: idOf(form), field_name: nameOf(field) });
  });
  onField("input", (form, field) => {
    if (!begun.has(form)) {
      begun.set(form, [performance.now()]);
      emit("form_started", identify(form));
    }
    begun.get(form)[1] = nameOf(field);
  });
  onField("invalid", (form, field) => {
    emit("form_field_error", { form_id: idOf(form), field_name: nameOf(field), error_type: errorOf(field) });
  });
  on(document, "submit", (event) => {
    const form = subject(event);
    if (!form) return;
    begun.delete(form);
    emit("form_submitted", { ...identify(form), success: true }); // the browser found nothing wrong with it
  });
  onEnd.push(() => {
    for (const [form, [since, field]] of begun) {
      const seconds = Math.round((performance.now() - since) / 1000);
      emit("form_abandoned", { form_id: idOf(form), last_field: field, time_spent_sec: seconds });
    }
    begun.clear();
  });
}

/** Listens to fields inside forms. */
function onField(type, handler) {
  on(document, type, (event) => {
    const field = subject(event);
    if (field?.form && field.matches(FIELD)) handler(field.form, field);
  });
}

const nameOf = (element) => attribute(element, "name") || attribute(element, "id");
const idOf = (form) => attribute(form, "id") || attribute(form, "name") || cut(selector(form), 200);
const identify = (form) => ({ form_id: idOf(form), form_name: attribute(form, "name") });
const errorOf = (field) => {
  for (const type in field.validity) if (field.validity[type]) return type;
};
