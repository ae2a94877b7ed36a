// The image to move to: what exists of the right kind, or another one by hand.
import { useState } from "preact/hooks";
import { html } from "./html.js";
import { Badge, ProblemNote, Time } from "./parts.js";
import { RARE, usePolled } from "./poll.js";
import { groupOf, imageChange, imageName, versionName } from "./words.js";

/** @param {{ set: import("./check/api").ScaleSetSummary, image: import("./check/api").AnyImage | null, choose: (image: any) => void }} props */
export function ImageStep({ set, image, choose }) {
  const [, , subscription] = set.id.split("/");
  const live = usePolled(`scale-sets/${groupOf(set.id)}/${set.name}/images?subscription=${subscription}`, RARE);
  const [other, setOther] = useState(false);
  if (image) return html`<div class="row"><strong class="break">${imageName(image)}</strong><button type="button" onClick=${() => choose(null)}>Choose another</button></div>`;
  const choices = live.data?.choices ?? [];
  return html`${!live.data && !live.problem ? html`<p class="soft" role="status">Looking for images …</p>` : null}
    ${live.problem && !live.data ? html`<${ProblemNote} problem=${live.problem} />` : null}
    ${live.data?.note ? html`<p class="note">${live.data.note}</p>` : null}
    ${choices.length ? html`<fieldset class="choices tall"><legend class="soft small break">Versions of ${familyOf(choices[0].image) || live.data.name}</legend>
      ${choices.map((/** @type {any} */ one) => html`<${Choice} key=${one.version} one=${one} choose=${choose} />`)}</fieldset>` : null}
    ${other || (live.data && !choices.length) || live.problem ? html`<${ByHand} set=${set} choose=${choose} />`
      : html`<div><button type="button" class="plain link" onClick=${() => setOther(true)}>Another image, by its name or id</button></div>`}`;
}

/** What all versions of it have in common. @param {any} image */
const familyOf = (image) => imageChange({ from: image, to: image }).family;

/** @param {{ one: any, choose: (image: any) => void }} props */
const Choice = ({ one, choose }) => html`<label class="choice"><input type="radio" name="image" disabled=${!one.usable} onChange=${() => choose(one.image)} />
  <span class="grow break"><strong>${one.version}</strong> ${one.latest ? html`<${Badge} tone="good">latest<//>` : null} ${one.named ? html`<${Badge}>the model's<//>` : null}
    ${one.state === "Active" ? null : html`<${Badge} tone="waits">${one.state}<//>`}
    <span class="hint">${one.publishedAt ? html`published <${Time} at=${one.publishedAt} />` : ""}${one.endsAt ? html`, ends <${Time} at=${one.endsAt} />` : ""}</span>
    ${one.remark ? html`<span class="hint">${one.remark}</span>` : null}</span></label>`;

/** A version of what it has, an id, or a URN. @param {{ set: import("./check/api").ScaleSetSummary, choose: (image: any) => void }} props */
function ByHand({ set, choose }) {
  const [text, setText] = useState("");
  const use = (/** @type {Event} */ event) => (event.preventDefault(), text.trim() && choose(parsed(text.trim())));
  return html`<form class="row" onSubmit=${use}><label class="grow">Version, URN or id
    <span class="hint">Such as ${versionName(set.image) || "1.0.0"}, publisher:offer:sku:version, or /subscriptions/…/images/…</span>
    <input value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></label><button class="main">Use it</button></form>`;
}

/** @param {string} text */
export function parsed(text) {
  if (text.startsWith("/")) return { id: text };
  if (text.startsWith("https://")) return { uri: text };
  const [publisher, offer, sku, version] = text.split(":");
  return version ? { publisher, offer, sku, version } : { version: text };
}
