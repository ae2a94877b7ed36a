// A list of what acts: each in words, with a button that takes it away.
import { ask, el, notice } from "./dom.js";

/**
 * @typedef {{ key: string, title: string, text: string, look?: string, button?: string, label?: string, away?: string[], done?: string }} Line
 *   `away`: the controls that end it; `label`: what the button is about, if not the title
 */

/** @type {WeakMap<HTMLElement, string>} what each list shows */
const drawn = new WeakMap();

/** @param {HTMLElement} list @param {Line[]} lines @param {string} nothing @param {() => void} after */
export function drawLines(list, lines, nothing, after) {
  const text = JSON.stringify(lines);
  if (drawn.get(list) === text) return;
  drawn.set(list, text);
  const focused = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset["key"] : undefined;
  list.replaceChildren(...(lines.length ? lines.map((line) => row(line, after)) : [el("li", { class: "none" }, nothing)]));
  if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-key="${focused}"]`))?.focus();
}

/** @param {Line} line @param {() => void} after */
function row({ key, title, text, look, button, label, away = [], done = "" }, after) {
  const act = () => Promise.all(away.map((path) => ask("DELETE", path))).then(() => notice(done), (problem) => notice(problem.message)).then(after);
  return el("li", { class: look },
    el("strong", {}, title),
    button && el("button", { type: "button", "data-key": key, "aria-label": `${button}: ${label ?? title}`, onclick: act }, button),
    el("span", { class: "small" }, text));
}
