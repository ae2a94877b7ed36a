// Small parts that every screen uses.
import { useEffect, useState } from "preact/hooks";
import { offline } from "./api.js";
import { html } from "./html.js";
import { to } from "./route.js";
import { cell, phase, tally } from "./states.js";
import { imageChange, imageName, localTime, shortened, spoken, universalTime } from "./words.js";

const TICK = 10_000;

/** Local time, UTC on hover. @param {{ at?: string | null | undefined, short?: boolean }} props */
export function Time({ at, short = false }) {
  return at ? html`<time dateTime=${at} title=${universalTime(at)}>${localTime(at, short)}</time>` : null;
}

/** How long until then: "(in 8 min)". The app's clock is believed where it is ahead of this one. @param {{ until: string, asOf: string | null | undefined }} props */
export function Left({ until, asOf }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const left = (Date.parse(until) - Math.max(now, asOf ? Date.parse(asOf) : 0)) / 1000;
  return left > 0 ? html`<span class="soft number nowrap">(in ${spoken(left < 60 ? left : Math.round(left / 60) * 60)})</span>` : null;
}

/** What the tab is called, for those who have many. @param {string} name @param {string} at the phase it is in */
export function useTitle(name, at) {
  const { sign, label } = phase(at);
  useEffect(() => {
    document.title = `${sign} ${name}: ${label} - VMSS Rollout`;
    return () => void (document.title = "VMSS Rollout");
  }, [name, at]);
}

/** Where a rollout or fleet rollout stands, in one sentence. @param {{ view: import("./check/api").RolloutDetails | import("./check/api").FleetDetails, tone: string, also?: string | undefined }} props */
export function Sentence({ view, tone, also }) {
  const { sign, label } = phase(view.phase);
  const { waits } = view;
  return html`<div class="sentence tone-${tone}"><span class="sign" aria-hidden="true">${sign}</span>
    <div class="grow"><h1 aria-live="polite">${label}</h1><p class="break">${view.message}</p>
      ${also ? html`<p class="break small">${also}</p>` : null}
      ${view.notice ? html`<p class="break"><strong>${view.notice}</strong></p>` : null}
      ${waits ? html`<p class="small">Waits since <${Time} at=${waits.since} />${waits.until ? html`, until <${Time} at=${waits.until} /> <${Left} until=${waits.until} asOf=${view.updatedAt} />` : null}</p>` : null}
    </div></div>`;
}

/** A name that breaks after its colons and slashes, if it can. @param {{ text: string }} props */
export const Breaking = ({ text }) => html`<span class="break">${text.split(/(?<=[:/])/).map((part) => html`${part}<wbr />`)}</span>`;

/** @param {{ image: import("./check/api").AnyImage }} props */
export const Image = ({ image }) => html`<${Breaking} text=${imageName(image)} />`;

/** @param {{ name: string }} props */
export function PhaseBadge({ name }) {
  const { label, sign, tone } = phase(name);
  return html`<span class="badge tone-${tone}"><span class="sign" aria-hidden="true">${sign}</span>${label}</span>`;
}

/** @param {{ tone?: string, children?: any }} props */
export const Badge = ({ tone = "calm", children }) => html`<span class="badge tone-${tone}">${children}</span>`;

/** From which image to which; what both have in common is said once. @param {{ change: Partial<import("./check/api").ImageChange> | null, long?: boolean }} props */
export function ImageChange({ change, long = false }) {
  const { family, from, to } = imageChange(change);
  if (!to && !from) return html`<span class="soft">image not known yet</span>`;
  return html`<span class="break" title=${`${imageName(change?.from) || "?"} → ${imageName(change?.to) || "?"}`}>
    ${family && long ? html`<span class="soft">${family}</span>${" "}` : null}
    ${from ? html`<span class="nowrap">${from}</span>${" → "}` : null}<strong>${to}</strong>
  </span>`;
}

/**
 * How many are in which state, as one bar. @param {{ counts: [string, number][], of: string }} props
 * `counts`: the API's letter of a state, and how many
 */
export function Bar({ counts, of }) {
  const shown = counts.filter(([, count]) => count > 0);
  const said = shown.map(([letter, count]) => `${count} ${cell(letter).label}`).join(", ");
  return html`<div class="bar" role="img" aria-label=${`${of}: ${said || "none"}`} title=${said}>
    ${shown.map(([letter, count]) => html`<i key=${letter} class="state-${cell(letter).name}" style=${{ flexGrow: count }}></i>`)}
  </div>`;
}

/** The letters' part of a summary's counts. @param {import("./check/api").Counts} counts @returns {[string, number][]} */
export const countsOf = (counts) => [
  ["d", counts.done], ["u", counts.inProgress], ["f", counts.failed], ["a", counts.aborted ?? 0], ["k", counts.skipped], ["p", counts.pending],
];

/** @param {{ cells: string, of: string }} props */
export const CellBar = ({ cells, of }) => html`<${Bar} counts=${tally(cells)} of=${of} />`;

/** What went wrong, and what to do. @param {{ problem: import("./check/api").Problem, children?: any }} props */
export function ProblemNote({ problem, children }) {
  return html`<div class="note tone-bad" role="alert">
    <p><strong>${problem.title}</strong></p>
    <p>${shortened(problem.detail)}</p>
    ${problem.rolloutId ? html`<p><a href=${to(["rollouts", problem.rolloutId])}>See rollout ${problem.rolloutId}</a></p>` : null}
    ${problem.errors?.length ? html`<ul>${problem.errors.map((error) => html`<li key=${error.path}><code>${error.path}</code> ${error.message}</li>`)}</ul>` : null}
    ${children}
  </div>`;
}

/** While nothing is known yet: that it is being asked, or why it cannot be shown. @param {{ live: import("./poll.js").Polled<unknown>, what: string }} props */
export function Waiting({ live, what }) {
  const { problem } = live;
  if (!problem) return html`<p class="loading" role="status">Looking at ${what} …</p>`;
  return html`<div class="stack" role="alert"><h1>${problem.title}</h1><p class="break">${shortened(problem.detail)}</p>
    <div class="row"><button type="button" onClick=${live.refresh}>Try again</button><a class="button" href="#/">Go home</a></div></div>`;
}

/** The last data stay; that they are old is said. @param {{ live: import("./poll.js").Polled<unknown> }} props */
export const Stale = ({ live }) =>
  !offline.use() && live.data && live.problem ? html`<div class="note tone-waits" role="status">What is shown may be old: ${live.problem.title}.</div>` : null;

/** @param {{ title: string, count?: number | null, children?: any }} props */
export const SectionHead = ({ title, count = null, children }) => html`<div class="section-head">
  <h2>${title}</h2>${count === null ? null : html`<span class="count">${count}</span>`}<span class="grow"></span>${children}</div>`;

/** @param {{ items: [string, any][] }} props those without a value are left out */
export const Facts = ({ items }) => html`<dl class="facts">
  ${items.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
</dl>`;
