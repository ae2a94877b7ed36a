// Home: what needs somebody first, then what runs, then what ended lately.
import { html } from "./html.js";
import { NewsNote } from "./news.js";
import { Bar, ImageChange, PhaseBadge, SectionHead, Stale, Time, Waiting, countsOf } from "./parts.js";
import { usePolled } from "./poll.js";
import { to } from "./route.js";
import { phase } from "./states.js";
import { imageName, many, nameOf } from "./words.js";

const ENDED_SHOWN = 12;

/** @typedef {import("./check/api").ListedRollout} Rollout @typedef {import("./check/api").ListedFleet} Fleet */
/** @typedef {(Rollout & { kind: "rollouts", title: string }) | (Fleet & { kind: "fleets", title: string })} Line */

/** Of both lists, one line each; `kind` says which list. @param {Rollout[]} rollouts @param {Fleet[]} fleets @returns {Line[]} */
export function lines(rollouts, fleets) {
  /** @type {Line[]} */
  const all = [
    ...rollouts.map((one) => ({ ...one, kind: /** @type {const} */ ("rollouts"), title: nameOf(one.scaleSet) })),
    ...fleets.map((one) => ({ ...one, kind: /** @type {const} */ ("fleets"), title: one.id })),
  ];
  return all.sort((first, second) => order(second).localeCompare(order(first)));
}

/** @param {Line} line */
const order = (line) => line.finishedAt ?? line.updatedAt ?? line.startedAt ?? "9";

/** @param {Line[]} all */
export function sorted(all) {
  const needs = all.filter((line) => line.needs);
  const rest = all.filter((line) => !line.needs);
  return { needs, runs: rest.filter((line) => !line.finishedAt), ended: rest.filter((line) => line.finishedAt) };
}

export function Home() {
  /** @type {import("./poll.js").Polled<Rollout[]>} */
  const rollouts = usePolled("rollouts?top=100");
  /** @type {import("./poll.js").Polled<Fleet[]>} */
  const fleets = usePolled("fleet-rollouts?top=50");
  if (!rollouts.data) return html`<${Waiting} live=${rollouts} what="the rollouts" />`;
  const { needs, runs, ended } = sorted(lines(rollouts.data, fleets.data ?? []));
  return html`<div class="stack wide">
    <${Stale} live=${rollouts} />
    <${NewsNote} />
    <div class="row far"><h1>${headline(needs.length, runs.length)}</h1>
      <a class="button main" href=${to(["start"])}>Start a rollout</a></div>
    ${needs.length ? html`<${Section} title="Needs you" lines=${needs} urgent />` : null}
    <${Section} title="Running" lines=${runs} empty=${html`<strong>Nothing runs.</strong> Start a rollout, or publish an image version that scale sets follow.`} />
    <${Section} title="Ended lately" lines=${ended.slice(0, ENDED_SHOWN)} empty="Nothing has ended yet." />
  </div>`;
}

/** @param {number} needs @param {number} runs */
function headline(needs, runs) {
  if (needs) return `${many(needs, "rollout")} need${needs === 1 ? "s" : ""} you`;
  return runs ? `${many(runs, "rollout")} running; nothing needs you` : "All quiet";
}

/** @param {{ title: string, lines: Line[], urgent?: boolean, empty?: any }} props */
function Section({ title, lines: shown, urgent = false, empty = null }) {
  return html`<section>
    <${SectionHead} title=${title} count=${shown.length} />
    <div class="card flush lines">
      ${shown.length ? shown.map((line) => html`<${Entry} key=${line.kind + line.id} line=${line} urgent=${urgent} />`) : html`<p class="empty">${empty}</p>`}
    </div>
  </section>`;
}

/** @param {{ line: Line, urgent: boolean }} props */
function Entry({ line, urgent }) {
  const needs = line.needs;
  const tone = needs?.what === "failed" || needs?.what === "rollbackIncomplete" ? "bad" : phase(line.phase).tone;
  return html`<a class="line ${urgent ? `urgent tone-${tone}` : ""}" href=${to([line.kind, line.id])} data-line>
    <span class="what"><strong>${line.title}</strong>${line.kind === "fleets" ? html`${" "}<span class="soft small">fleet rollout</span>` : null}
      <span class="said" title=${needs?.sentence ?? line.message}>${needs?.sentence ?? line.message}</span></span>
    <span class="what">
      ${line.kind === "fleets" ? html`<span class="break">to <strong>${imageName(line.image)}</strong></span>` : html`<${ImageChange} change=${line.image} />`}
      <span class="said">${line.id === line.title ? "" : line.id}</span></span>
    <span class="bar-cell"><${Bar} counts=${countsOf(line.counts)} of=${line.kind === "fleets" ? "scale sets" : "instances"} />
      <span class="small soft number">${line.counts.done} of ${line.kind === "fleets" ? many(line.counts.total, "scale set") : line.counts.total} done</span></span>
    <span class="when"><${PhaseBadge} name=${line.phase} /><br />${When(line)}</span>
  </a>`;
}

/** @param {Line} line */
function When(line) {
  if (line.needs?.since && !line.finishedAt) return html`since <${Time} at=${line.needs.since} short />`;
  if (line.finishedAt) return html`<${Time} at=${line.finishedAt} short />`;
  return line.eta ? html`ends about <${Time} at=${line.eta} short />` : html`since <${Time} at=${line.startedAt} short />`;
}
