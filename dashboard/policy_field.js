// A field of a policy, by its path: "canary.bake".
import { html } from "./html.js";

/** @typedef {{ path: string, label: string, hint: string, options?: string[], list?: string }} Field `list`: the id of a datalist */

/** @param {{ field: Field, policy: any, set: (value: string) => void }} props */
export function PolicyField({ field, policy, set }) {
  const value = field.path.split(".").reduce((part, name) => part?.[name], policy) ?? "";
  const changed = (/** @type {any} */ event) => set(event.target.value);
  return html`<label>${field.label} <span class="hint">${field.hint}</span>${field.options
    ? html`<select value=${value} onChange=${changed}><option value="">default</option>${field.options.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}</select>`
    : html`<input value=${typeof value === "object" ? JSON.stringify(value) : value} disabled=${typeof value === "object"} list=${field.list ?? null} onChange=${changed} />`}</label>`;
}

/** The policy with that value at "canary.instances"; "" takes it out. @param {any} policy @param {string} path @param {string} value @returns {any} */
export function withValue(policy, path, value) {
  const [name = "", ...rest] = path.split(".");
  const { [name]: before, ...others } = policy;
  const inner = rest.length ? withValue(before ?? {}, rest.join("."), value) : /^\d+$/.test(value) ? Number(value) : value;
  const empty = inner === "" || (rest.length && !Object.keys(inner).length);
  return empty ? others : { ...others, [name]: inner };
}
