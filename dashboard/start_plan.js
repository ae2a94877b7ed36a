// A plan, drawn as the heat map it would travel over: the number of its batch on every instance.
import { html } from "./html.js";
import { GateLines } from "./gates.js";
import { HeatMap, place } from "./heat_map.js";
import { Facts, Image, Left, Time } from "./parts.js";
import { many, plain, seconds, spoken } from "./words.js";

/** @typedef {import("./check/api").Plan} Plan @typedef {import("./check/api").Row} Row */

/** @param {{ plan: Plan, total: number | null }} props */
export function PlanShown({ plan, total }) {
  const text = new Map(plan.batches.flatMap((batch) => batch.instanceIds.map((id) => [id, String(batch.number)])));
  return html`<div class="card stack">
    ${plan.warnings.map((warning) => html`<p class="note tone-waits break" key=${warning}>${warning}</p>`)}
    ${plan.healthSource === "powerState" ? html`<p class="note tone-waits">Health is known by power state only: an instance that runs counts as healthy.</p>` : null}
    <${HeatMap} rows=${rows(plan)} chosen=${null} choose=${() => {}} text=${text} />
    <p class="soft small">The number on an instance is the batch that moves it; "/" is left alone.</p>
    <${Facts} items=${[
      ["Image", html`${plan.image.from ? html`<${Image} image=${plan.image.from} /> → ` : null}<${Image} image=${plan.image.to} />`],
      ["Batches", `${plan.batches.length}, for ${many(moved(plan), "instance")}`],
      ["At the worst moment", `${plan.worstCaseDown} down, ${plan.worstCaseCapacity} of ${total ?? "?"} up (${plan.worstCaseCapacityPercent} %)`],
      ["Time", `${spoken(seconds(plan.cost.shortest))} to ${spoken(seconds(plan.cost.longest))}`],
      ["First batch", plan.opening ? html`<${Opening} opening=${plan.opening} />` : null],
      ["Calls of Azure", `${plan.cost.fewestCalls} to ${plan.cost.mostCalls}`],
      ["Left alone", plan.skipped.length ? html`<ul>${plan.skipped.slice(0, 10).map((skip) => html`<li key=${skip.instanceId}>instance ${skip.instanceId}: ${skip.reason}</li>`)}</ul>` : null],
    ]} />
    <${Part} title="Gates, tried just now" lines=${plan.gates} />
    <${Part} title="Hooks" lines=${/** @type {any} */ (plan).hooks} />
    <${Told} news=${/** @type {any} */ (plan).news} /></div>`;
}

/** @param {{ opening: NonNullable<Plan["opening"]> }} props */
const Opening = ({ opening }) => html`<${Time} at=${opening.firstBatchAt} short /> <${Left} until=${opening.firstBatchAt} asOf=${null} /> <span class="soft small">${opening.message}</span>`;

/** @param {{ title: string, lines: import("./gates.js").Line[] | undefined }} props */
const Part = ({ title, lines }) => (lines?.length ? html`<div><h3>${title}</h3><${GateLines} lines=${lines} /></div>` : null);

/** Who will hear of it. @param {{ news: { name: string, kind: string, kinds?: string[] }[] | undefined }} props */
function Told({ news }) {
  if (!news?.length) return null;
  return html`<div><h3>Who will be told</h3><ul>${news.map((one) => html`<li key=${one.name} class="break">${one.name} <span class="soft small">${plain(one.kind)}, ${one.kinds?.length ? one.kinds.map(plain).join(", ") : "everything"}</span></li>`)}</ul></div>`;
}

/** How many get the image: those that were selected, without those that are left alone. @param {Plan} plan */
export const moved = (plan) => plan.batches.reduce((sum, batch) => sum + batch.instanceIds.length, 0);

/** @param {Plan} plan @returns {(Row & { label?: string })[]} */
function rows(plan) {
  /** @type {Map<string, Row>} */
  const found = new Map();
  const add = (/** @type {Partial<Row>} */ where, /** @type {string[]} */ ids, /** @type {string} */ letter) => {
    const row = found.get(place(where)) ?? { ...where, instanceIds: [], cells: "" };
    found.set(place(where), { ...row, instanceIds: [...row.instanceIds, ...ids], cells: row.cells + letter.repeat(ids.length) });
  };
  for (const { zone, updateDomain, faultDomain, instanceIds } of plan.batches) add({ zone, updateDomain, faultDomain }, instanceIds, "p");
  const all = [...found.values()];
  const skipped = plan.skipped.map((skip) => skip.instanceId);
  return skipped.length ? [...all, { label: "left alone", instanceIds: skipped, cells: "k".repeat(skipped.length) }] : all;
}
