// The buttons: one per verb that the API offers, each with a confirmation that says what it will do.
import { useState } from "preact/hooks";
import { Confirmation } from "./confirm.js";
import { html } from "./html.js";
import { REASONED, phase, verb } from "./states.js";
import { groupOf, nameOf } from "./words.js";

/** @typedef {import("./check/api").RolloutDetails | import("./check/api").FleetDetails} View @typedef {View["verbs"][number]} Verb */

/** Where the question is not the button's label. @type {Record<string, string>} */
const ASKED = { skip: "Skip what failed in", breakGlass: "Break glass for" };

/** @param {{ path: string, view: View, done: () => void }} props `path`: such as "rollouts/web-1" */
export function Verbs({ path, view, done }) {
  const [asked, ask] = useState(/** @type {Verb | null} */ (null));
  if (!view.verbs.length && asked === null) return null;
  return html`<div class="verbs" role="group" aria-label="What you can do">
    ${view.verbs.map((name) => html`<button key=${name} type="button" data-verb=${name}
      class="${verb(name).main ? "main" : ""} ${verb(name).grave ? "grave" : ""}" onClick=${() => ask(name)}>${verb(name).label}</button>`)}
    ${asked === null ? null : html`<${Confirmation} path=${`${path}/${asked}`} title=${`${ASKED[asked] ?? verb(asked).label} ${view.id}`}
      under=${"scaleSet" in view ? `${nameOf(view.scaleSet)} in ${groupOf(view.scaleSet)}, ${phase(view.phase).label}` : null}
      says=${view.consequences[asked] ?? ""} label=${verb(asked).label} grave=${verb(asked).grave} reasoned=${REASONED.has(asked)} offered=${view.verbs.includes(asked)}
      close=${() => ask(null)} done=${(/** @type {any} */ body) => (done(), body.notice || `${verb(asked).past}.`)} />`}
  </div>`;
}
