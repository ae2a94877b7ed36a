// A form in a dialog. What was typed is kept until it is accepted.
import { el, notice } from "./dom.js";
import { control, valueOf } from "./fields.js";

/**
 * @typedef {{ title: string, text?: string | undefined, note?: string | undefined, fields: import("./fields.js").Field[], submit: string,
 *   done: string, send: (values: Record<string, any>) => Promise<unknown>, shown?: (form: HTMLFormElement) => void }} Form
 */

/** @param {Form} wanted @param {import("./fields.js").Seen} seen @param {() => void} after */
export function openForm(wanted, seen, after) {
  const error = el("p", { class: "fault", role: "alert" });
  const submit = el("button", { class: "main", type: "submit" }, wanted.submit);
  const form = el("form", {},
    el("div", {}, el("h2", { id: "dialog-title" }, wanted.title), wanted.text && el("p", { class: "soft" }, wanted.text)),
    el("div", { class: "fields" }, ...wanted.fields.map((field) => control(field, seen))),
    wanted.note && el("p", { class: "hint" }, wanted.note),
    error,
    el("div", { class: "buttons" }, el("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit));
  const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.textContent = "";
    try {
      await wanted.send(Object.fromEntries(wanted.fields.map((field) => [field.name, valueOf(field, form, seen)])));
      dialog.close();
      notice(wanted.done);
      after();
    } catch (problem) {
      error.textContent = problem instanceof Error ? problem.message : String(problem);
    }
    submit.disabled = false;
  });
  document.body.append(dialog);
  wanted.shown?.(form);
  dialog.showModal();
}
