// The fleet rollouts, newest first.
import { html } from "./html.js";
import { Bar, PhaseBadge, Stale, Time, Waiting, countsOf } from "./parts.js";
import { usePolled } from "./poll.js";
import { to } from "./route.js";
import { imageName, many } from "./words.js";

/** @typedef {import("./check/api").ListedFleet} Line */

export function Fleets() {
  /** @type {import("./poll.js").Polled<Line[]>} */
  const live = usePolled("fleet-rollouts");
  if (!live.data) return html`<${Waiting} live=${live} what="the fleet rollouts" />`;
  return html`<div class="stack"><${Stale} live=${live} /><h1>Fleet rollouts</h1>
    <div class="card flush lines">${live.data.length ? live.data.map((line) => html`<${Entry} key=${line.id} line=${line} />`)
      : html`<p class="empty"><strong>There is none.</strong> One begins when a followed image gets a new version, or by POST /api/fleet-rollouts.</p>`}</div></div>`;
}

/** @param {{ line: Line }} props */
const Entry = ({ line }) => html`<a class="line ${line.needs ? "urgent tone-waits" : ""}" href=${to(["fleets", line.id])} data-line>
  <span class="what"><strong>${line.id}</strong><span class="said">${line.message}</span></span>
  <span class="break">to <strong>${imageName(line.image)}</strong><span class="said small soft"> wave ${line.wave} of ${line.waveCount}</span></span>
  <span class="bar-cell"><${Bar} counts=${countsOf(line.counts)} of="scale sets" />
    <span class="small soft number">${line.instances.done} of ${many(line.instances.total, "instance")}</span></span>
  <span class="when"><${PhaseBadge} name=${line.phase} /><br /><${Time} at=${line.finishedAt ?? line.startedAt} /></span></a>`;
