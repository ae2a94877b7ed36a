// The keyboard: "/" searches, "j" and "k" go down and up a list, "a" acts, "?" says so.
import { useEffect, useRef } from "preact/hooks";
import { html } from "./html.js";
import { go } from "./route.js";

const KEYS = [
  ["/", "search, where there is a list to search"],
  ["j  k", "next and previous line of a list; Enter opens it"],
  ["a", "what is waited for: approve, resume or retry"],
  ["g", "home"],
  ["?", "this list"],
  ["← ↑ → ↓", "from instance to instance in a heat map; Enter shows it"],
];

export function Help() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => act(event, dialog.current);
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return html`<button type="button" class="plain" aria-label="Keyboard" title="Keyboard (?)" onClick=${() => dialog.current?.showModal()}><kbd>?</kbd></button>
    <dialog ref=${dialog} aria-labelledby="keys"><form method="dialog"><h2 id="keys">Keyboard</h2>
      <dl class="facts">${KEYS.map(([name, what]) => html`<dt><kbd>${name}</kbd></dt><dd>${what}</dd>`)}</dl>
      <div class="buttons"><button class="main">Close</button></div></form></dialog>`;
}

/** @param {KeyboardEvent} event @param {HTMLDialogElement | null} help */
function act(event, help) {
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = target.closest("input, textarea, select, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const done = {
    "?": () => help?.showModal(),
    "/": () => /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"))?.focus(),
    j: () => step(1),
    k: () => step(-1),
    a: () => /** @type {HTMLElement | null} */ (document.querySelector(".verbs button.main"))?.click(),
    g: () => go([]),
  }[event.key];
  if (!done) return;
  event.preventDefault();
  done();
}

/** @param {number} by */
function step(by) {
  const lines = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-line]"))];
  const at = lines.indexOf(/** @type {HTMLElement} */ (document.activeElement?.closest("[data-line]")));
  const next = lines[at < 0 ? (by > 0 ? 0 : lines.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
