// What a rollout waits for: its gates, approvals, bakes, pauses and hooks as a list; and the window that it waits for.
import { html } from "./html.js";
import { Badge, Left, SectionHead, Time } from "./parts.js";
import { verdict, wait } from "./states.js";
import { plain, zonedTime } from "./words.js";

/**
 * A line of the view, of a plan, or of a hook; fields that this version of the app does not have are left out.
 * @typedef {{ name: string, kind?: string, place?: string, weight?: string, verdict?: string | null, state?: string | null, action?: string, message?: string | null, at?: string | null, until?: string | null }} Line
 */

/** @type {Record<string, string>} */
const PLACES = {
  start: "before anything is changed", beforeBatch: "before each batch", bake: "while the canary bakes",
  afterBatch: "after each batch", wave: "after the wave", end: "at the end",
};
/** These have their place in their name. */
const NO_GATES = new Set(["approval", "bake", "pause"]);
/** @type {Record<string, string>} */
const WEIGHTS = { advisory: "advisory: holds nobody", dryRun: "dry run: holds nobody" };

/** Nothing, if there are none; what the view says itself is not said again. @param {{ title: string, lines: Line[] | undefined, view: { updatedAt?: string | null, message?: string } }} props */
export function GateCard({ title, lines, view }) {
  if (!lines?.length) return null;
  const told = lines.map((line) => (line.message === view.message ? { ...line, message: null } : line));
  return html`<section class="card" aria-label=${title}><${SectionHead} title=${title} count=${lines.length} /><${GateLines} lines=${told} asOf=${view.updatedAt} /></section>`;
}

/** @param {{ lines: Line[], asOf?: string | null | undefined }} props */
export const GateLines = ({ lines, asOf }) => html`<ul class="gates">${lines.map((line) => html`<${GateLine} key=${line.name} line=${line} asOf=${asOf} />`)}</ul>`;

/** @param {{ line: Line, asOf: string | null | undefined }} props */
function GateLine({ line, asOf }) {
  const said = line.verdict ?? line.state;
  const holds = line.weight === undefined || line.weight === "required";
  const hook = line.action !== undefined;
  const { label, sign, tone } = hook || NO_GATES.has(line.kind ?? "") ? wait(said, hook) : verdict(said, holds);
  const waits = said === "notYet" && line.until;
  return html`<li><span class="mark"><${Badge} tone=${tone}><span class="sign" aria-hidden="true">${sign}</span>${label}<//></span>
    <div class="grow break"><strong>${line.name}</strong> <span class="soft small">${where(line)}</span>
      ${line.message ? html`<p class="small">${line.message}</p>` : null}</div>
    <span class="when small soft">${waits ? html`until <${Time} at=${line.until} short /> <${Left} until=${line.until} asOf=${asOf} />` : html`<${Time} at=${line.at} />`}</span></li>`;
}

/** @param {Line} line */
const where = ({ kind, place, weight }) => (NO_GATES.has(kind ?? "") ? "" : [kind, PLACES[place ?? ""] ?? plain(place ?? ""), WEIGHTS[weight ?? ""]].filter(Boolean).join(", "));

/** Until when nothing begins: in local time, and in that of the window where it is another. @param {{ view: import("./check/api").RolloutDetails }} props */
export function WindowNote({ view }) {
  if (!view.opensAt) return null;
  const zoned = zonedTime(view.opensAt, zoneOf(view.policy));
  return html`<div class="note tone-waits"><strong>Waits for its window.</strong> It opens <${Time} at=${view.opensAt} short />${zoned ? ` (${zoned})` : ""} <${Left} until=${view.opensAt} asOf=${view.updatedAt} /></div>`;
}

/** That of its own first window or freeze. @param {import("./check/api").PolicyShown} policy */
const zoneOf = ({ windows, freezes }) => [...(windows ?? []), ...(freezes ?? [])].map((each) => each.timeZone).find(Boolean) ?? "";
