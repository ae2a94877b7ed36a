// One scale set: its instances by update domain, what runs on them, and its rollouts.
import { useState } from "preact/hooks";
import { html } from "./html.js";
import { HeatMap } from "./heat_map.js";
import { Badge, Facts, Image, ImageChange, PhaseBadge, SectionHead, Stale, Time, Waiting } from "./parts.js";
import { AZURE, usePolled } from "./poll.js";
import { route, to } from "./route.js";
import { cell } from "./states.js";
import { imageName, many, shortened, versionName } from "./words.js";

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
  const { subscription = "" } = route.value.query;
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

/** @param {{ set: View }} props */
function Instances({ set }) {
  const [chosen, choose] = useState(/** @type {string | null} */ (null));
  const known = new Map(set.instances.map((one) => [one.instanceId, one]));
  const letter = (/** @type {string} */ id) => {
    const one = known.get(id);
    const small = LETTERS[one?.health ?? ""] ?? "p";
    return one && versionName(one.image) !== versionName(set.image) ? small.toUpperCase() : small;
  };
  const rows = set.rows.map((row) => ({ ...row, cells: row.instanceIds.map(letter).join("") }));
  const instance = chosen === null ? null : known.get(chosen);
  return html`<section class="card stack"><${SectionHead} title="Instances by update domain">
      <span class="soft">${Object.entries(set.healthCounts).filter(([, count]) => count).map(([name, count]) => `${count} ${name}`).join(", ")}</span><//>
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
