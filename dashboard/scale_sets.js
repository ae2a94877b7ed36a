// Scale sets: all of them, what they run and how far behind; and one, its instances by update domain and its rollouts.
import { useMemo, useState } from "preact/hooks";
import { HeatMap } from "./heat_map.js";
import { html } from "./html.js";
import { Badge, Breaking, Facts, Image, ImageChange, PhaseBadge, SectionHead, Stale, Time, Waiting } from "./parts.js";
import { AZURE, RARE, usePolled } from "./poll.js";
import { note, route, to } from "./route.js";
import { cell } from "./states.js";
import { groupOf, imageChange, imageName, many, shortened } from "./words.js";

/** @typedef {import("./check/api").ScaleSetSummary} Summary @typedef {{ name: string, label: string, of: (set: Summary) => string | number }} Column */

/** @type {Column[]} */
const COLUMNS = [
  { name: "name", label: "Scale set", of: (set) => set.name.toLowerCase() },
  { name: "image", label: "Image", of: (set) => imageName(set.image).toLowerCase() },
  { name: "behind", label: "Behind", of: (set) => -(set.newest?.behind ?? -1) },
  { name: "instances", label: "Instances", of: (set) => -(set.capacity ?? 0) },
  { name: "rollable", label: "Can be rolled", of: (set) => (set.rollable ? 1 : 0) },
  { name: "health", label: "Health from", of: (set) => set.healthSource },
  { name: "last", label: "Last rollout", of: (set) => set.lastRollout?.startedAt ?? "" },
];

export function ScaleSets() {
  /** @type {import("./poll.js").Polled<Summary[]>} */
  const plain = usePolled("scale-sets", AZURE);
  /** @type {import("./poll.js").Polled<Summary[]>} */
  const measured = usePolled("scale-sets?behind=true", RARE);
  const [order, setOrder] = useState("name");
  const { search = "", only = "" } = route.use().query;
  const sets = measured.data ?? plain.data;
  const shown = useMemo(() => sorted(filtered(sets ?? [], search, only), order), [sets, search, only, order]);
  if (!sets) return html`<${Waiting} live=${plain} what="the scale sets" />`;
  const change = (/** @type {Record<string, string>} */ query) => note(Object.fromEntries(Object.entries({ search, only, ...query }).filter(([, value]) => value)));
  return html`<div class="stack">
    <${Stale} live=${plain} />
    <div class="row far"><h1>${drift(sets)}</h1></div>
    <div class="row">
      <input class="search" type="search" data-search aria-label="Search by name, group, image or tag" placeholder="Name, group, image or tag=value"
        value=${search} onInput=${(/** @type {any} */ event) => change({ search: event.target.value })} />
      <select class="search" aria-label="Which" value=${only} onChange=${(/** @type {any} */ event) => change({ only: event.target.value })}>
        <option value="">All</option><option value="behind">Behind the newest image</option><option value="not-rollable">Cannot be rolled now</option>
        <option value="active">A rollout is active</option></select>
      <span class="soft number" role="status">${shown.length} of ${sets.length}</span>
    </div>
    ${shown.length ? html`<${Table} sets=${shown} order=${order} setOrder=${setOrder} />`
      : html`<p class="card empty"><strong>No scale set matches.</strong> ${sets.length ? "Search for something else." : "The app may read none: check its rights and ROLLOUT_SCOPES."}</p>`}
  </div>`;
}

/** @param {Summary[]} sets */
function drift(sets) {
  const known = sets.filter((set) => set.newest);
  const behind = known.filter((set) => set.newest?.behind).length;
  if (!known.length) return many(sets.length, "scale set");
  return behind ? `${behind} of ${many(sets.length, "scale set")} ${behind === 1 ? "is" : "are"} behind` : `No scale set is behind`;
}

/** Each word must be in the name, the group, the image, or a tag. @param {Summary[]} sets @param {string} search @param {string} only */
function filtered(sets, search, only) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return sets.filter((set) => {
    const tags = Object.entries(set.tags ?? {}).map(([name, value]) => `${name}=${value}`);
    const text = [set.name, groupOf(set.id), imageName(set.image), ...tags].join(" ").toLowerCase();
    const kept = { behind: Boolean(set.newest?.behind), "not-rollable": !set.rollable, active: set.rolloutId !== null }[only] ?? true;
    return kept && words.every((word) => text.includes(word));
  });
}

/** @param {Summary[]} sets @param {string} order */
function sorted(sets, order) {
  const { of } = COLUMNS.find((column) => column.name === order) ?? /** @type {Column} */ (COLUMNS[0]);
  return sets.toSorted((one, other) => (of(one) < of(other) ? -1 : of(one) > of(other) ? 1 : one.name.localeCompare(other.name)));
}

/** @param {{ sets: Summary[], order: string, setOrder: (name: string) => void }} props */
const Table = ({ sets, order, setOrder }) => html`<div class="card flush scroll" tabIndex="0" role="region" aria-label="Scale sets"><table>
  <thead><tr>${COLUMNS.map(({ name, label }) => html`<th key=${name} aria-sort=${order === name ? "ascending" : null}>
    <button type="button" onClick=${() => setOrder(name)}>${label}${order === name ? " ↓" : ""}</button></th>`)}</tr></thead>
  <tbody>${sets.map((set) => html`<${Line} key=${set.id} set=${set} />`)}</tbody></table></div>`;

/** @param {{ set: Summary }} props */
const Line = ({ set }) => html`<tr>
  <td><a href=${to(["scale-sets", groupOf(set.id), set.name])} data-line><strong>${set.name}</strong></a><br /><span class="soft small">${groupOf(set.id)}, ${set.location}</span></td>
  <td><${Version} image=${set.image} /></td>
  <td><${Behind} newest=${set.newest} /></td>
  <td class="number">${set.capacity ?? "?"}</td>
  <td>${set.rollable ? html`<${Badge} tone="good">yes<//>` : html`<${Badge} tone="waits">no<//><br /><span class="small soft break" title=${set.reason}>${shortened(set.reason)}</span>`}</td>
  <td>${set.healthSource === "powerState" ? html`<span title="Its model has no source of health">power state only</span>` : "application"}</td>
  <td>${set.rolloutId ? html`<a href=${to(["rollouts", set.rolloutId])}>active now</a>` : set.lastRollout
    ? html`<a href=${to(["rollouts", set.lastRollout.id])}><${PhaseBadge} name=${set.lastRollout.phase} /></a><br /><span class="small soft"><${Time} at=${set.lastRollout.finishedAt ?? set.lastRollout.startedAt} /></span>` : html`<span class="soft">none</span>`}</td>
</tr>`;

/** The version first: by it the lines differ. @param {{ image: Summary["image"] }} props */
function Version({ image }) {
  const { family, to: version } = imageChange({ from: image, to: image });
  if (!image) return html`<span class="soft">not known</span>`;
  return html`<strong class="break">${version}</strong>${family ? html`<br /><span class="small soft"><${Breaking} text=${family} /></span>` : null}`;
}

/** @param {{ newest: Summary["newest"] }} props */
function Behind({ newest }) {
  if (!newest) return html`<span class="soft">not known</span>`;
  if (!newest.behind) return html`<${Badge} tone="good">newest<//>`;
  return html`<${Badge} tone="waits">${many(newest.behind, "version")}<//><br /><span class="small soft">${newest.version}</span>`;
}

/** The letter of a health, as a heat map draws it: a capital is not on the model's image. @type {Record<string, string>} */
const LETTERS = { healthy: "d", unhealthy: "f", initializing: "s", unknown: "p" };

/** @param {string} letter */
function look(letter) {
  const small = letter.toLowerCase();
  const health = Object.keys(LETTERS).find((one) => LETTERS[one] === small) ?? "unknown";
  const { name, sign, means } = cell(small);
  return letter === small ? { name, sign, means, label: health } : { name: `${name} other`, sign, means, label: `${health}, not on the model's image` };
}

/** @typedef {import("./check/api").ScaleSetView} View */

/** @param {{ group: string, name: string }} props */
export function ScaleSet({ group, name }) {
  const { subscription = "" } = route.use().query;
  /** @type {import("./poll.js").Polled<View>} */
  const live = usePolled(`scale-sets/${encodeURIComponent(group)}/${encodeURIComponent(name)}${subscription ? `?subscription=${encodeURIComponent(subscription)}` : ""}`, AZURE);
  /** @type {import("./poll.js").Polled<import("./check/api").ListedRollout[]>} */
  const rollouts = usePolled(live.data ? `rollouts?scaleSet=${encodeURIComponent(live.data.id)}` : null);
  const set = live.data;
  if (!set) return html`<${Waiting} live=${live} what=${`scale set ${name}`} />`;
  return html`<div class="stack wide">
    <${Stale} live=${live} />
    <div class="row far"><div><h1>${set.name}</h1><p class="soft">${group}, ${set.location}, ${many(set.instances.length, "instance")} of ${set.vmSize}</p></div>
      ${set.rolloutId ? html`<a class="button main" href=${to(["rollouts", set.rolloutId])}>See its rollout</a>`
        : set.rollable ? html`<a class="button main" href=${to(["start"], { scaleSet: set.id })}>Start a rollout</a>` : null}</div>
    ${set.rollable || set.rolloutId ? null : html`<p class="note tone-waits break"><strong>It cannot be rolled now.</strong> ${shortened(set.reason)}</p>`}
    <div class="columns">
      <div class="stack wide">
        <${Instances} set=${set} />
        <section class="card"><${SectionHead} title="Its rollouts" count=${rollouts.data?.length ?? null} />
          <${Rollouts} lines=${rollouts.data ?? []} /></section>
      </div>
      <aside class="stack wide">
        <section class="card stack"><h2>Image</h2><${Facts} items=${[
          ["Model", html`<${Image} image=${set.image} />`],
          ...set.imageCounts.map((one) => [many(one.instances, "instance"), html`<${Image} image=${one.image} />`]),
        ]} /></section>
        <section class="card stack"><h2>Scale set</h2><${Facts} items=${[
          ["Upgrade policy", set.upgradePolicy.mode + (set.upgradePolicy.automaticOsUpgrades ? ", automatic OS upgrades" : "")],
          ["Orchestration", set.orchestrationMode], ["Zones", set.zones.join(", ")],
          ["Health from", set.healthSource === "powerState" ? "power state only: its model has no source of health" : "the application"],
          ["Provisioning", set.provisioningState], ["Managed by", set.managedBy],
          ["Azure's own upgrade", set.rollingUpgrade ? set.rollingUpgrade.code : null],
          ["Tags", Object.keys(set.tags).length === 0 ? null : html`<span class="row">${Object.entries(set.tags).map(([tag, value]) => html`<${Badge} key=${tag}>${tag}=${value}<//>`)}</span>`],
        ]} /></section>
      </aside>
    </div></div>`;
}

/** Whether it is that image; of one whose version is left open, any version is. @param {Summary["image"]} image @param {Summary["image"]} model */
function among(image, model) {
  const [own, wanted] = [imageName(image).toLowerCase(), imageName(model).toLowerCase().replace(/:latest$/, "")];
  return own.startsWith(wanted) && /^([: ]|$)/.test(own.slice(wanted.length));
}

/** @param {{ set: View }} props */
function Instances({ set }) {
  const [chosen, choose] = useState(/** @type {string | null} */ (null));
  const known = new Map(set.instances.map((one) => [one.instanceId, one]));
  const letter = (/** @type {string} */ id) => {
    const one = known.get(id);
    const small = LETTERS[one?.health ?? ""] ?? "p";
    return one && set.image && !among(one.image, set.image) ? small.toUpperCase() : small;
  };
  const rows = set.rows.map((row) => ({ ...row, cells: row.instanceIds.map(letter).join("") }));
  const instance = chosen === null ? null : known.get(chosen);
  return html`<section class="card stack"><${SectionHead} title="Instances by update domain">
      <span class="soft">${Object.entries(set.healthCounts).filter(([, count]) => count).map(([name, count]) => `${count} ${name}`).join(", ")}</span><//>
    ${rows.length ? null : html`<p class="empty">It has no instances.</p>`}
    <${HeatMap} rows=${rows} chosen=${chosen} choose=${(/** @type {string} */ id) => choose((was) => (was === id ? null : id))} look=${look} />
    <p class="soft small">✓ healthy, ✗ unhealthy, ≈ initializing, · unknown; a dashed edge: not on the model's image</p>
    ${instance ? html`<div class="note"><p><strong>Instance ${instance.instanceId}</strong></p><${Facts} items=${[
      ["Runs", imageName(instance.image)], ["Health", instance.health], ["Power", instance.powerState], ["Provisioning", instance.provisioningState],
      ["Zone", instance.zone], ["Fault domain", instance.faultDomain], ["Placement group", instance.placementGroupId],
      ["Protected", instance.protectFromScaleSetActions ? "from scale set actions" : null],
    ]} /></div>` : null}</section>`;
}

/** @param {{ lines: import("./check/api").ListedRollout[] }} props */
function Rollouts({ lines }) {
  if (!lines.length) return html`<p class="soft">None yet.</p>`;
  return html`<ul class="stack">${lines.slice(0, 10).map((line) => html`<li key=${line.id} class="row"><a href=${to(["rollouts", line.id])} data-line>${line.id}</a>
    <${PhaseBadge} name=${line.phase} /><${ImageChange} change=${line.image} /><span class="soft small"><${Time} at=${line.startedAt} /></span></li>`)}</ul>`;
}
