// Stop-the-line, the switch for the whole app: everybody must know that nothing begins, whatever they look at.
import { useState } from "preact/hooks";
import { Confirmation } from "./confirm.js";
import { html } from "./html.js";
import { Time } from "./parts.js";
import { usePolled } from "./poll.js";

const PATH = "stop-the-line";
/** It is set once in a year, and then it must be seen soon. @type {import("./poll.js").Pace} */
const PACE = { closest: 10, farthest: 20 };

/** @type {Record<string, { method: string, label: string, says: string, past: string }>} */
const QUESTIONS = {
  stop: { method: "POST", label: "Stop the line", past: "Nothing begins any more.",
    says: "Nothing begins in the whole app: starts are refused, and no rollout goes on to another batch. What is half done finishes its batch, and a rollback goes on." },
  lift: { method: "DELETE", label: "Lift the line", past: "The line is lifted: what waited goes on.", says: "What waits for it goes on by itself, in the whole app." },
};

/**
 * The button that stops the line, for the frame of the page; and for every view, why nothing begins.
 * @param {boolean} known whether somebody is there whom the app would answer
 */
export function useLine(known) {
  /** @type {import("./poll.js").Polled<import("./check/api").LineState>} */
  const live = usePolled(known ? PATH : null, PACE);
  const [asked, ask] = useState("");
  const stop = live.data?.stopped;
  const { method, label, says, past } = QUESTIONS[asked] ?? {};
  const done = (/** @type {any} */ body) => (live.refresh(), asked === "lift" && body.stopped ? "It is told to be lifted, and is still stopped: wait a moment." : past);
  return {
    button: live.data && !stop ? html`<button type="button" class="plain grave" onClick=${() => ask("stop")}>Stop the line</button>` : null,
    note: html`${stop ? html`<div class="note tone-bad row far" role="status"><p class="grow"><strong>The line is stopped: nothing begins.</strong> Since <${Time} at=${stop.since} />,
        by ${stop.by ?? "an operator"}: ${stop.reason}</p> <button type="button" onClick=${() => ask("lift")}>Lift the line</button></div>` : null}
      ${asked && known ? html`<${Confirmation} key=${asked} path=${PATH} method=${method} title=${label} says=${says} label=${label} grave=${asked === "stop"} reasoned
        offered=${(asked === "lift") === Boolean(stop)} done=${done} close=${() => ask("")} />` : null}`,
  };
}
