// One instance of a rollout: what it runs, how it is, and what happened to it.
import { Events } from "./events.js";
import { html } from "./html.js";
import { Facts, Image, Time } from "./parts.js";
import { CELLS } from "./states.js";

/** @param {{ id: string, instance: import("./check/api").InstanceRow | undefined, events: import("./check/api").Event[], close: () => void }} props */
export function Instance({ id, instance, events, close }) {
  const state = Object.values(CELLS).find((one) => one.name === instance?.state);
  return html`<section class="card stack" aria-label=${`Instance ${id}`}>
    <div class="row far"><h2>Instance ${id}${instance?.name ? html` <span class="soft">${instance.name}</span>` : null}</h2>
      <button type="button" class="plain" onClick=${close}>Close</button></div>
    ${instance ? html`
      ${instance.reason ? html`<p class="note tone-bad break">${instance.reason}</p>` : null}
      <${Facts} items=${[
        ["State", state ? `${state.label}: ${state.means}` : instance.state],
        ["Runs", instance.image ? html`<${Image} image=${instance.image} />` : "not known"],
        ["Before", html`<${Image} image=${instance.imageBefore} />`],
        ["Health", instance.health ? `${instance.health} (before: ${instance.healthBefore})` : `${instance.healthBefore} before`],
        ["Zone", instance.zone], ["Update domain", instance.updateDomain], ["Fault domain", instance.faultDomain],
        ["Placement group", instance.placementGroupId],
        ["Batch", instance.batch],
        ["Sent", instance.sentAt ? html`<${Time} at=${instance.sentAt} />` : null],
        ["Over", instance.endedAt ? html`<${Time} at=${instance.endedAt} />` : null],
      ]} />` : html`<p class="soft" role="status">Looking at it …</p>`}
    <h3>Its events</h3>
    <${Events} events=${events} of=${id} />
  </section>`;
}
