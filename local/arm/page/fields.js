// The fields of a form: made from what they are about, and read again.
import { el } from "./dom.js";
import { imageName, many, nameOf } from "./words.js";

/**
 * @typedef {{ name: string, label: string, kind: "text" | "number" | "select" | "check" | "set" | "image" | "ids", hint?: string,
 *   value?: any, min?: number, max?: number, empty?: boolean, any?: string, options?: [string, string][], whole?: boolean,
 *   changed?: (form: HTMLFormElement) => void }} Field `empty`: may stay empty; `any`: what no choice of a scale set is called
 */
/** @typedef {{ scaleSets: any[], images: import("./words.js").Image[] }} Seen */

/** @param {Field} field @param {Seen} seen @returns {HTMLElement} */
export function control(field, seen) {
  const whole = ["check", "image"].includes(field.kind) || field.whole;
  if (field.kind === "check") return el("label", { class: "check whole" }, el("input", { type: "checkbox", name: field.name }), field.label);
  return el("label", { class: whole && "whole" }, field.label, input(field, seen), field.hint && el("span", { class: "hint" }, field.hint));
}

/** @param {Field} field @param {Seen} seen */
function input(field, seen) {
  const options = choices(field, seen);
  if (options) return select(field, options);
  const isNumber = field.kind === "number";
  return el("input", {
    name: field.name, type: isNumber ? "number" : "text", required: !field.empty, autocomplete: "off", value: field.value,
    min: field.min, max: field.max, step: isNumber && "any",
  });
}

/** @param {Field} field @param {[string, string][]} options */
function select(field, options) {
  const made = el("select", { name: field.name }, ...options.map(([value, text]) => el("option", { value, selected: value === field.value }, text)));
  const changed = field.changed;
  if (changed) made.addEventListener("change", () => made.form && changed(made.form));
  return made;
}

/** @param {Field} field @param {Seen} seen @returns {[string, string][] | undefined} */
function choices(field, seen) {
  if (field.kind === "set") {
    const sets = seen.scaleSets.map((set) => /** @type {[string, string]} */ ([set.id, `${set.name} (${many(set.capacity, "instance")})`]));
    return field.any ? [["", field.any], ...sets] : sets;
  }
  if (field.kind === "image") return seen.images.map((image) => [image.id, `${imageName(image.id)}${runners(image.id, seen)}`]);
  return field.options;
}

/** @param {string} id @param {Seen} seen */
function runners(id, seen) {
  const names = seen.scaleSets.filter((set) => set.image === id).map((set) => set.name);
  return names.length ? ` (in ${names.join(", ")})` : "";
}

/** The image that a newcomer means: one that waits to be rolled to. @param {Seen} seen */
export function waiting(seen) {
  const used = new Set(seen.scaleSets.flatMap((set) => [set.image, ...set.instances.map((/** @type {any} */ one) => one.image)]));
  return (seen.images.find((image) => !used.has(image.id)) ?? seen.images.at(-1))?.id;
}

/** @param {Field} field @param {HTMLFormElement} form @param {Seen} seen @returns {unknown} */
export function valueOf(field, form, seen) {
  const made = /** @type {HTMLInputElement} */ (form.elements.namedItem(field.name));
  if (field.kind === "check") return made.checked;
  if (field.kind === "number") return made.value === "" ? null : Number(made.value);
  if (field.kind === "ids") return made.value.split(/[\s,;]+/).filter(Boolean).map(nameOf);
  if (field.kind === "image") return seen.images.find((image) => image.id === made.value);
  return made.value.trim();
}
