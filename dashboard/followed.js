// Followed images: the last version of each, what became of it, and who is on which.
import { html } from "./html.js";
import { Badge, SectionHead, Stale, Waiting } from "./parts.js";
import { AZURE, usePolled } from "./poll.js";
import { to } from "./route.js";
import { groupOf, imageName, nameOf, plain } from "./words.js";

/** @type {Record<string, string>} */
const TONES = { waiting: "waits", rolling: "moves", rolled: "good", notRolled: "bad" };

export function Followed() {
  /** @type {import("./poll.js").Polled<import("./check/api").FollowedImage[]>} */
  const live = usePolled("followed-images");
  /** @type {import("./poll.js").Polled<import("./check/api").ScaleSetSummary[]>} */
  const sets = usePolled("scale-sets", AZURE);
  if (!live.data) return html`<${Waiting} live=${live} what="the followed images" />`;
  return html`<div class="stack"><${Stale} live=${live} /><h1>Followed images</h1>
    ${live.data.length ? live.data.map((line) => html`<${Image} key=${line.id} line=${line} sets=${sets.data ?? []} />`)
      : html`<p class="card empty"><strong>Nothing has been published yet.</strong> Scale sets with the tag rollout.follow are moved when their gallery image gets a new version.</p>`}</div>`;
}

/** @param {{ line: import("./check/api").FollowedImage, sets: import("./check/api").ScaleSetSummary[] }} props */
function Image({ line, sets }) {
  const versions = Map.groupBy(sets.filter((set) => set.imageName?.toLowerCase() === line.definition.toLowerCase()), (set) => set.imageVersion ?? "latest");
  return html`<section class="card stack"><${SectionHead} title=${imageName({ id: line.definition })}><${Badge} tone=${TONES[line.state] ?? "calm"}>${plain(line.state)}<//><//>
    <p>Version <strong>${line.version}</strong>: ${line.message}${line.fleetRolloutId ? html` <a href=${to(["fleets", line.fleetRolloutId])} data-line>See its fleet rollout</a>` : null}</p>
    ${versions.size ? html`<dl class="facts">${[...versions].sort(([one], [other]) => other.localeCompare(one, undefined, { numeric: true })).map(([version, on]) => html`
      <dt class="number">${version}</dt><dd class="row">${on.map((set) => html`<a key=${set.id} href=${to(["scale-sets", groupOf(set.id), nameOf(set.id)])}>${set.name}</a>`)}</dd>`)}</dl>` : null}</section>`;
}
