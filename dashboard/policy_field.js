// A field of a policy, by its path: "canary.bake".
import { html } from "./html.js";

/**
 * `options`: texts, or true and false. `required`: there is no default. `list`: the id of a datalist.
 * @typedef {{ path: string, label: string, hint: string, options?: (string | boolean)[], required?: boolean, list?: string }} Field
 */

/** @param {{ field: Field, policy: any, set: (value: string | boolean) => void }} props */
export function PolicyField({ field, policy, set }) {
  const value = field.path.split(".").reduce((part, name) => part?.[name], policy) ?? "";
  const changed = (/** @type {any} */ event) => set(field.options?.find((one) => `${one}` === event.target.value) ?? event.target.value);
  return html`<label>${field.label} <span class="hint">${field.hint}</span>${field.options
    ? html`<select value=${`${value}`} onChange=${changed}>${field.required ? null : html`<option value="">default</option>`}${field.options.map((one) => html`<option key=${one} value=${`${one}`}>${`${one}`}</option>`)}</select>`
    : html`<input value=${typeof value === "object" ? JSON.stringify(value) : value} disabled=${typeof value === "object"} list=${field.list ?? null} onChange=${changed} />`}</label>`;
}

/** The policy with that value at "canary.instances"; "" takes it out. @param {any} policy @param {string} path @param {string | number | boolean} value @returns {any} */
export function withValue(policy, path, value) {
  const [name = "", ...rest] = path.split(".");
  const { [name]: before, ...others } = policy;
  const inner = rest.length ? withValue(Object(before) === before ? before : {}, rest.join("."), value) : value;
  const empty = inner === "" || (rest.length && !Object.keys(inner).length);
  return empty ? others : { ...others, [name]: inner };
}
