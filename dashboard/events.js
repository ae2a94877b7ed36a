// The event log, as it grows; what a decision was based on is folded away.
import { useState } from "preact/hooks";
import { html } from "./html.js";
import { Time } from "./parts.js";
import { useAsked } from "./poll.js";
import { plain } from "./words.js";

const BAD = new Set(["brokenOff", "repairsNotRestored", "rollingBack", "abortRequested", "leftOut"]);
const SHOWN = 60;

/** @typedef {import("./check/api").Event} Event */

/**
 * All events up to the last one. Only what is new is asked for.
 * @param {string} path such as "rollouts/web-1" @param {string | null} mark how far the log goes
 */
export function useEvents(path, mark) {
  const [known, setKnown] = useState({ path, mark, events: /** @type {Event[]} */ ([]) });
  const { mark: read, events } = known.path === path ? known : { mark: "", events: [] };
  useAsked(`${path}/events`, mark, read && events.length ? `?after=${read}` : "", (body) => {
    const all = new Map([...events, ...body].map((event) => [place(event), event]));
    setKnown({ path, mark, events: [...all.values()].toSorted(earlier) });
  });
  return events;
}

/** @param {Event} event */
const place = (event) => `${event.at} ${event.position}`;

/** @param {Event} one @param {Event} other */
function earlier(one, other) {
  return one.at === other.at ? place(one).localeCompare(place(other), "en", { numeric: true }) : one.at < other.at ? -1 : 1;
}

/** Newest first. @param {{ events: Event[], of?: string | null }} props `of`: only what names this instance */
export function Events({ events, of = null }) {
  const [all, showAll] = useState(false);
  const newest = (of === null ? events : events.filter((event) => concerns(event, of))).toReversed();
  if (!newest.length) return html`<p class="soft">${of === null ? "Nothing has happened yet." : "No event names this instance."}</p>`;
  return html`<ol class="events">${newest.slice(0, all ? newest.length : SHOWN).map((event) => html`<${Line} key=${place(event)} event=${event} />`)}</ol>
    ${newest.length > SHOWN && !all ? html`<button class="plain" onClick=${() => showAll(true)}>Show all ${newest.length}</button>` : null}`;
}

/** @param {Event} event @param {string} id */
function concerns(event, id) {
  const { instanceIds, reasons, instances } = event.evidence ?? {};
  const named = [instanceIds, instances].some((ids) => Array.isArray(ids) && ids.includes(id));
  return named || (reasons !== null && typeof reasons === "object" && id in reasons);
}

/** @param {{ event: Event }} props */
function Line({ event }) {
  const evidence = Object.keys(event.evidence ?? {}).length > 0;
  return html`<li class=${BAD.has(event.kind) ? "bad" : ""}><${Time} at=${event.at} />
    <div class="break"><span class="message">${event.message}</span>
      ${event.until ? html`<span class="soft">(${event.times} times, until <${Time} at=${event.until} />)</span>` : null}
      ${evidence ? html`<${Evidence} event=${event} />` : null}</div></li>`;
}

/** Made into text only when somebody opens it. @param {{ event: Event }} props */
function Evidence({ event }) {
  const [open, setOpen] = useState(false);
  return html`<details onToggle=${(/** @type {any} */ toggled) => setOpen(toggled.target.open)}>
    <summary>${plain(event.kind)}: evidence</summary>${open ? html`<pre tabIndex="0">${JSON.stringify(event.evidence, null, 2)}</pre>` : null}</details>`;
}
