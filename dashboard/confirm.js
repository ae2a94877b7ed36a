// A question before something is done: what it will do; why, and who says so. What was typed is kept.
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "./api.js";
import { html } from "./html.js";
import { ProblemNote } from "./parts.js";
import { signal } from "./signal.js";

/**
 * `says`: what it will do. `offered`: whether it can be done still. `done`: after each answer; its text is said at the
 * foot of the page.
 * @typedef {{ method?: string, path: string, title: string, under?: string | null, says: string, label: string, grave: boolean,
 *   reasoned: boolean, offered: boolean, done: (body: any) => string, close: () => void }} Question
 */

/** @param {Question} props */
export function Confirmation({ method = "POST", path, title, under = null, says, label, grave, reasoned, offered, done, close }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const draft = `vmss-rollout-reason ${method} ${path}`;
  const [reason, setReason] = useState(sessionStorage.getItem(draft) ?? "");
  const [problem, setProblem] = useState(/** @type {import("./check/api").Problem | null} */ (null));
  const [sending, setSending] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setSending(true);
    const answer = await call(method, path, { ...(reason ? { reason } : {}), ...(who.value ? { by: who.value } : {}) });
    setSending(false);
    setProblem(answer.problem ?? null);
    const said = done(answer.problem ? {} : answer.body);
    if (answer.problem) return;
    sessionStorage.removeItem(draft);
    tell(said);
    dialog.current?.close();
  };
  return html`<dialog ref=${dialog} onClose=${close} aria-labelledby="asked">
    <form onSubmit=${send}>
      <h2 id="asked">${title}?</h2>
      ${under ? html`<p class="soft">${under}</p>` : null}
      <p>${says}</p>
      <label>Reason <span class="hint">${reasoned ? "Required. " : ""}It is kept in the event log.</span>
        <textarea rows="2" required=${reasoned} value=${reason} onInput=${(/** @type {any} */ event) => (setReason(event.target.value), sessionStorage.setItem(draft, event.target.value))}></textarea></label>
      <${WhoField} />
      ${problem ? html`<${ProblemNote} problem=${problem} />` : null}
      ${!offered && !problem?.status ? html`<p class="note tone-waits" role="status">This is no longer offered: somebody was quicker, or it has gone on by itself.</p>` : null}
      <div class="buttons"><button type="button" onClick=${() => dialog.current?.close()}>Cancel</button>
        <button type="submit" class="main ${grave ? "grave" : ""}" disabled=${sending || !offered}>${sending ? "Sending …" : label}</button></div>
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
