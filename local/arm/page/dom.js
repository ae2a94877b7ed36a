// Elements, and the calls of the controls.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes] `onclick` and other handlers too; null and false leave one out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Writes only what is new: what has not changed is not drawn again. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The answer of a control. Throws an Error whose message is a sentence for people.
 * @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>}
 */
export async function ask(method, path, body) {
  const content = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await fetch(path, { method, ...content }).catch(() => null);
  if (answer === null) throw new Error("The simulated Azure does not answer. Start it again; it begins anew.");
  const text = await answer.text();
  if (!answer.ok) throw new Error(reason(text) || `It was refused (${answer.status}).`);
  return text ? JSON.parse(text) : null;
}

/** @param {string} text */
function reason(text) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return "";
  }
}

let passing = 0;

/** Says what has been done, for some seconds. @param {string} text */
export function notice(text) {
  say(byId("notice"), text);
  clearTimeout(passing);
  passing = setTimeout(() => say(byId("notice"), ""), 5000);
}
