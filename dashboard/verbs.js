// The buttons: one per verb that the API offers, each with a confirmation that says what it will do.
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "./api.js";
import { html } from "./html.js";
import { ProblemNote } from "./parts.js";
import { signal } from "./signal.js";
import { REASONED, phase, verb } from "./states.js";
import { groupOf, nameOf } from "./words.js";

/** @typedef {import("./check/api").RolloutDetails | import("./check/api").FleetDetails} View @typedef {View["verbs"][number]} Verb */

/** @param {{ path: string, view: View, done: () => void }} props `path`: such as "rollouts/web-1" */
export function Verbs({ path, view, done }) {
  const [asked, ask] = useState(/** @type {Verb | null} */ (null));
  if (!view.verbs.length && asked === null) return null;
  return html`<div class="verbs" role="group" aria-label="What you can do">
    ${view.verbs.map((name) => html`<button key=${name} type="button" data-verb=${name}
      class="${verb(name).main ? "main" : ""} ${verb(name).grave ? "grave" : ""}" onClick=${() => ask(name)}>${verb(name).label}</button>`)}
    ${asked === null ? null : html`<${Confirmation} path=${path} view=${view} name=${asked} close=${() => ask(null)} done=${done} />`}
  </div>`;
}

/** Where the question is not the button's label. @type {Record<string, string>} */
const ASKED = { skip: "Skip what failed in", breakGlass: "Break glass for" };

/** @param {{ path: string, view: View, name: Verb, close: () => void, done: () => void }} props */
function Confirmation({ path, view, name, close, done }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const draft = `vmss-rollout-reason ${path}/${name}`;
  const [reason, setReason] = useState(sessionStorage.getItem(draft) ?? "");
  const [problem, setProblem] = useState(/** @type {import("./check/api").Problem | null} */ (null));
  const [sending, setSending] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const gone = !view.verbs.includes(name);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setSending(true);
    const answer = await call("POST", `${path}/${name}`, { ...(reason ? { reason } : {}), ...(who.value ? { by: who.value } : {}) });
    setSending(false);
    setProblem(answer.problem ?? null);
    done();
    if (answer.problem) return;
    sessionStorage.removeItem(draft);
    tell(answer.body.notice || `${verb(name).past}.`);
    dialog.current?.close();
  };
  const { label, grave } = verb(name);
  return html`<dialog ref=${dialog} onClose=${close} aria-labelledby="asked">
    <form onSubmit=${send}>
      <h2 id="asked">${ASKED[name] ?? label} ${view.id}?</h2>
      ${"scaleSet" in view ? html`<p class="soft">${nameOf(view.scaleSet)} in ${groupOf(view.scaleSet)}, ${phase(view.phase).label}</p>` : null}
      <p>${view.consequences[name] ?? ""}</p>
      <label>Reason <span class="hint">${REASONED.has(name) ? "Required. " : ""}It is kept in the event log.</span>
        <textarea rows="2" required=${REASONED.has(name)} value=${reason} onInput=${(/** @type {any} */ event) => (setReason(event.target.value), sessionStorage.setItem(draft, event.target.value))}></textarea></label>
      <${WhoField} />
      ${problem ? html`<${ProblemNote} problem=${problem} />` : null}
      ${gone && !problem?.status ? html`<p class="note tone-waits" role="status">This is no longer offered: somebody was quicker, or it has gone on by itself.</p>` : null}
      <div class="buttons"><button type="button" onClick=${() => dialog.current?.close()}>Cancel</button>
        <button type="submit" class="main ${grave ? "grave" : ""}" disabled=${sending || gone}>${sending ? "Sending …" : label}</button></div>
    </form></dialog>`;
}

const NAME = "vmss-rollout-by";

/** Who sits here: a remark for the log, asked for once and kept for this tab. */
export const who = signal(sessionStorage.getItem(NAME) ?? "");

/** @param {string} value */
function be(value) {
  who.value = value;
  sessionStorage.setItem(NAME, value);
}

export const WhoField = () => html`<label>By <span class="hint">Who you are, for the log. Where people sign in, it has their name too.</span>
  <input value=${who.use()} autocomplete="email" onInput=${(/** @type {any} */ event) => be(event.target.value)} /></label>`;

const SECONDS = 8;
/** What has just been done, said once at the foot of the page. */
const notice = signal("");
let timer = 0;

/** @param {string} text */
function tell(text) {
  notice.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => (notice.value = ""), SECONDS * 1000);
}

export function Notices() {
  const said = notice.use();
  return html`<div class="notices" role="status">${said ? html`<p>${said}</p>` : null}</div>`;
}
