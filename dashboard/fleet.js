// Fleet rollouts: all of them; and one, its waves as columns, a tile per scale set, and the gate that comes next.
import { Events, useEvents } from "./events.js";
import { GateCard } from "./gates.js";
import { html } from "./html.js";
import { Badge, Bar, CellBar, Facts, Left, PhaseBadge, SectionHead, Sentence, Stale, Time, Waiting, countsOf, useTitle } from "./parts.js";
import { useListed, usePolled } from "./poll.js";
import { to } from "./route.js";
import { CELLS, phase } from "./states.js";
import { Verbs } from "./verbs.js";
import { imageName, many, nameOf, plain, seconds, spoken } from "./words.js";

/** @type {Record<string, string>} the tone of a scale set's state */
const TONES = { failed: "bad", aborted: "calm", done: "good", rolledBack: "back", upgrading: "moves", checking: "moves", settling: "moves" };
/** @type {Record<string, string>} */
const WAVE_TONES = { awaitingApproval: "waits", running: "moves", baking: "moves", done: "good", failed: "bad" };

/** @typedef {import("./check/api").FleetDetails} View @typedef {import("./check/api").ScaleSetRow} SetRow */

/** @param {{ id: string }} props */
export function Fleet({ id }) {
  const path = `fleet-rollouts/${encodeURIComponent(id)}`;
  /** @type {import("./poll.js").Polled<View>} */
  const live = usePolled(path);
  const view = live.data;
  const events = useEvents(path, view?.lastEvent ?? null);
  /** @type {SetRow[]} */
  const rows = useListed(`${path}/scale-sets`, view);
  if (!view) return html`<${Waiting} live=${live} what=${`fleet rollout ${id}`} />`;
  return html`<div class="stack wide">
    <${Stale} live=${live} />
    <${Head} view=${view} />
    <${Verbs} path=${path} view=${view} done=${live.refresh} />
    <div class="waves" tabIndex="0" role="region" aria-label="Waves">${view.waves.map((wave, at) => html`<${Wave} key=${wave.name} wave=${wave}
      number=${at + 1} asOf=${view.updatedAt} rows=${rows.filter((row) => row.wave === wave.name)} />`)}</div>
    <${GateCard} title="Gates" lines=${view.gates} view=${view} />
    <div class="columns">
      <section class="card log"><${SectionHead} title="What happened" count=${events.length || null} /><${Events} events=${events} /></section>
      <aside class="card stack"><h2>Progress</h2><${Bar} counts=${countsOf(view.counts)} of="scale sets" /><${Facts} items=${[
        ["Scale sets", `${view.counts.done} of ${view.counts.total} done`], ["Instances", `${view.instances.done} of ${view.instances.total} (${view.percent} %)`],
        ["Image", imageName(view.image)], ["Started", html`<${Time} at=${view.startedAt} />`], ["By", view.by], ["Why", view.reason],
        ["Ends about", view.eta ? html`<${Time} at=${view.eta} />` : null], ["Ended", view.finishedAt ? html`<${Time} at=${view.finishedAt} />` : null],
      ]} /></aside>
    </div></div>`;
}

/** @param {{ view: View }} props */
function Head({ view }) {
  useTitle(view.id, view.phase);
  return html`<div class="stack">
    <div class="row soft"><span>fleet rollout ${view.id}</span><span aria-hidden="true">·</span><span>to <strong>${imageName(view.image)}</strong></span></div>
    <${Sentence} view=${view} tone=${phase(view.phase).tone} /></div>`;
}

/** @param {{ wave: import("./check/api").Wave, number: number, asOf: string | null | undefined, rows: SetRow[] }} props */
function Wave({ wave, number, asOf, rows }) {
  return html`<section class="wave" aria-label=${`Wave ${number}: ${wave.name}`}>
    <header><div class="row"><h2>${number}. ${wave.name}</h2>
        <${Badge} tone=${WAVE_TONES[wave.state] ?? "calm"}>${plain(wave.state)}<//></div>
      <${CellBar} cells=${wave.cells} of="scale sets" />
      <span class="small soft">${wave.counts.done} of ${many(wave.counts.total, "scale set")} done</span>
      ${wave.approval === "before" ? html`<span class="small soft">asks for approval before it begins</span>` : null}
      ${wave.bakingUntil ? html`<span class="small">bakes until <${Time} at=${wave.bakingUntil} /> <${Left} until=${wave.bakingUntil} asOf=${asOf} /></span>`
        : wave.bakeAfter && seconds(wave.bakeAfter) ? html`<span class="small soft">bakes ${spoken(seconds(wave.bakeAfter))} when it is done</span>` : null}
      ${wave.message ? html`<span class="small break">${wave.message}</span>` : null}</header>
    ${rows.map((row) => html`<${Tile} key=${row.scaleSet} row=${row} />`)}</section>`;
}

/** @param {{ row: SetRow }} props */
function Tile({ row }) {
  const state = Object.values(CELLS).find((one) => one.name === row.state);
  const body = html`<div class="row far"><strong>${nameOf(row.scaleSet)}</strong>${row.phase ? html`<${PhaseBadge} name=${row.phase} />`
      : html`<span class="soft small">${state?.sign} ${state?.label ?? row.state}</span>`}</div>
    ${row.counts ? html`<${Bar} counts=${countsOf(row.counts)} of="instances" />` : null}
    <p class="small soft break">${row.message}</p>`;
  const look = `tile ${TONES[row.state] ? `tone-${TONES[row.state]}` : ""}`;
  return row.state === "pending" ? html`<div class=${look}>${body}</div>` : html`<a class=${look} href=${to(["rollouts", row.rolloutId])} data-line>${body}</a>`;
}

/** All, the newest first. */
export function Fleets() {
  /** @type {import("./poll.js").Polled<import("./check/api").ListedFleet[]>} */
  const live = usePolled("fleet-rollouts");
  if (!live.data) return html`<${Waiting} live=${live} what="the fleet rollouts" />`;
  return html`<div class="stack"><${Stale} live=${live} /><h1>Fleet rollouts</h1>
    <div class="card flush lines">${live.data.length ? live.data.map((line) => html`<${Entry} key=${line.id} line=${line} />`)
      : html`<p class="empty"><strong>There is none.</strong> One begins when a followed image gets a new version, or by POST /api/fleet-rollouts.</p>`}</div></div>`;
}

/** @param {{ line: import("./check/api").ListedFleet }} props */
const Entry = ({ line }) => html`<a class="line ${line.needs ? "urgent tone-waits" : ""}" href=${to(["fleets", line.id])} data-line>
  <span class="what"><strong>${line.id}</strong><span class="said">${line.message}</span></span>
  <span class="break">to <strong>${imageName(line.image)}</strong><span class="said small soft"> wave ${line.wave} of ${line.waveCount}</span></span>
  <span class="bar-cell"><${Bar} counts=${countsOf(line.counts)} of="scale sets" />
    <span class="small soft number">${line.instances.done} of ${many(line.instances.total, "instance")}</span></span>
  <span class="when"><${PhaseBadge} name=${line.phase} /><br /><${Time} at=${line.finishedAt ?? line.startedAt} /></span></a>`;
