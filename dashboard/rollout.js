// A rollout: what is going on in one sentence, the heat map, and what one can do.
import { useMemo, useState } from "preact/hooks";
import { call } from "./api.js";
import { Events, useEvents } from "./events.js";
import { GateCard, WindowNote } from "./gates.js";
import { HeatMap, Key } from "./heat_map.js";
import { html } from "./html.js";
import { Instance } from "./instance.js";
import { Bar, Facts, Image, ImageChange, SectionHead, Sentence, Stale, Time, Waiting, useTitle } from "./parts.js";
import { useListed, usePolled } from "./poll.js";
import { policyFacts } from "./policy.js";
import { note, route, to } from "./route.js";
import { phase, tally } from "./states.js";
import { Timeline } from "./timeline.js";
import { Verbs } from "./verbs.js";
import { groupOf, many, nameOf } from "./words.js";

/** @typedef {import("./check/api").RolloutDetails} View @typedef {import("./check/api").InstanceRow} InstanceRow */

/** @param {{ id: string }} props */
export function Rollout({ id }) {
  const path = `rollouts/${encodeURIComponent(id)}`;
  /** @type {import("./poll.js").Polled<View>} */
  const live = usePolled(path);
  const view = live.data;
  const chosen = route.use().query["instance"] ?? null;
  const choose = (/** @type {string | null} */ instance) => note(instance === null || instance === chosen ? {} : { instance });
  const events = useEvents(path, view?.lastEvent ?? null);
  /** @type {InstanceRow[]} as soon as one of them is looked at */
  const instances = useListed(`${path}/instances`, chosen === null ? null : view?.updatedAt);
  if (!view) return html`<${Waiting} live=${live} what=${`rollout ${id}`} />`;
  return html`<div class="stack wide">
    <${Stale} live=${live} />
    <${Head} view=${view} events=${events} />
    <${Verbs} path=${path} view=${view} done=${live.refresh} />
    <div class="columns">
      <div class="stack wide grow">
        <${Map} view=${view} chosen=${chosen} choose=${choose} />
        ${chosen === null ? null : html`<${Instance} id=${chosen} instance=${instances.find((one) => one.instanceId === chosen)} events=${events} close=${() => choose(null)} />`}
        <${GateCard} title="Gates" lines=${view.gates} view=${view} />
        <${GateCard} title="Hooks" lines=${/** @type {any} */ (view).hooks} view=${view} />
        <${Timeline} batches=${view.timeline} />
        <section class="card log"><${SectionHead} title="What happened" count=${events.length || null} /><${Events} events=${events} /></section>
      </div>
      <${Aside} view=${view} />
    </div>
  </div>`;
}

/** @param {{ view: View, events: import("./check/api").Event[] }} props the events say why it goes back */
function Head({ view, events }) {
  useTitle(nameOf(view.scaleSet), view.phase);
  const back = view.phase === "RollingBack" ? events.findLast((event) => event.kind === "rollingBack") : null;
  const problem = view.needs && ["failed", "rollbackIncomplete", "standingStill"].includes(view.needs.what);
  return html`<div class="stack">
    <div class="row soft"><a href=${to(["scale-sets", groupOf(view.scaleSet), nameOf(view.scaleSet)])}>${nameOf(view.scaleSet)}</a>
      <span>in ${groupOf(view.scaleSet)}</span><span aria-hidden="true">·</span><${ImageChange} change=${view.image} long />
      <span aria-hidden="true">·</span><span>rollout ${view.id}</span></div>
    <${Sentence} view=${view} tone=${problem ? "bad" : phase(view.phase).tone} also=${back?.message} />
    <${WindowNote} view=${view} />
    ${view.repairs ? html`<div class="note tone-waits"><strong>Automatic repairs are suspended</strong> since <${Time} at=${view.repairs.since} />: ${view.repairs.why}</div>` : null}
    ${view.standingStillSince ? html`<div class="note tone-bad"><strong>Standing still</strong> since <${Time} at=${view.standingStillSince} /></div>` : null}
  </div>`;
}

/** @param {{ view: View, chosen: string | null, choose: (id: string) => void }} props */
function Map({ view, chosen, choose }) {
  const cells = view.rows.map((row) => row.cells).join("");
  return html`<section class="card" aria-label="Heat map">
    <${SectionHead} title="Instances"><span class="soft number">${view.counts.done} of ${view.counts.total} done</span><//>
    ${cells ? html`<div class="stack"><${HeatMap} rows=${view.rows} chosen=${chosen} choose=${choose} /><${Key} cells=${cells} marks=${view.rows.some((row) => row.health)} /></div>`
      : html`<p class="empty">The instances are shown as soon as they have been read.</p>`}
  </section>`;
}

/** @param {{ view: View }} props */
function Aside({ view }) {
  const cells = view.rows.map((row) => row.cells).join("");
  const policy = useMemo(() => policyFacts(view.policy), [view.policy]);
  return html`<aside class="stack wide">
    <section class="card stack"><h2>Progress</h2>
      <${Bar} counts=${tally(cells)} of="instances" />
      <${Facts} items=${[
        ["Done", html`<span class="number">${view.counts.done} of ${many(view.counts.total, "instance")} (${view.percent} %)</span>`],
        ["Failed", view.counts.failed || null],
        ["Skipped", view.counts.skipped || null],
        ["Batch", view.batches ? html`<span class="number">${view.batch} of ${view.batches}</span>` : null],
        ["Ends about", view.eta ? html`<strong><${Time} at=${view.eta} /></strong>` : null],
        ["Started", view.startedAt ? html`<${Time} at=${view.startedAt} />${view.by ? ` by ${view.by}` : ""}` : null],
        ["Ended", view.finishedAt ? html`<${Time} at=${view.finishedAt} />` : null],
        ["Why", view.reason],
      ]} /></section>
    <section class="card stack"><h2>Image and health</h2>
      <${Facts} items=${[
        ["From", view.image.from ? html`<${Image} image=${view.image.from} />` : null],
        ["To", html`<${Image} image=${view.image.to} />`],
        ["Health from", HEALTH[view.healthSource ?? ""] ?? view.healthSource],
        ["Repairs", view.repairs ? "suspended" : null],
      ]} /></section>
    <${AzureState} view=${view} />
    <details class="card"><summary><strong>Policy</strong></summary><div class="stack"><${Facts} items=${policy} /></div></details>
  </aside>`;
}

/** @type {Record<string, string>} */
const HEALTH = { applicationHealth: "the application (extension or probe)", powerState: "power state only: not known to be healthy" };

/** Three reads of Azure: only when somebody asks. @param {{ view: View }} props */
function AzureState({ view }) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const look = async () => {
    const subscription = view.scaleSet.split("/")[2];
    const answer = await call("GET", `scale-sets/${groupOf(view.scaleSet)}/${nameOf(view.scaleSet)}?subscription=${subscription}`);
    setFound(answer.problem ? { problem: answer.problem } : answer.body);
  };
  return html`<section class="card stack"><h2>As Azure sees it</h2>
    ${found === null ? html`<p class="soft small">The model's image, and what each instance runs, are read from Azure now.</p>` : null}
    ${found?.problem ? html`<p class="fault">${found.problem.title}: ${found.problem.detail}</p>` : null}
    ${found && !found.problem ? html`<${Facts} items=${azureFacts(found)} />` : null}
    <div><button type="button" onClick=${look}>${found ? "Look again" : "Look now"}</button></div></section>`;
}

/** @param {import("./check/api").ScaleSetView} found @returns {[string, any][]} */
function azureFacts(found) {
  const own = found.rollingUpgrade;
  /** @type {[string, any][]} */
  const running = found.imageCounts.map((one) => [many(one.instances, "instance"), html`<${Image} image=${one.image} />`]);
  return [
    ["Model", html`<${Image} image=${found.image} />`],
    ...running,
    ["Health", counted(found.healthCounts)],
    ["Power", counted(found.powerCounts)],
    ["Azure's own upgrade", own ? html`${own.code}${own.startTime ? html` since <${Time} at=${own.startTime} />` : ""}` : "none"],
  ];
}

/** @param {Record<string, number>} counts */
const counted = (counts) => Object.entries(counts ?? {}).filter(([, count]) => count).map(([name, count]) => `${count} ${name}`).join(", ");
