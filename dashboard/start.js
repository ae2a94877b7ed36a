// Start a rollout: scale set, image, policy, plan. What was typed is kept, whatever the answer.
import { useEffect, useState } from "preact/hooks";
import { address, call, offline } from "./api.js";
import { WhoField, who } from "./confirm.js";
import { html } from "./html.js";
import { PlanShown, moved } from "./start_plan.js";
import { Badge, ProblemNote, Time, Waiting } from "./parts.js";
import { PolicyStep } from "./policy.js";
import { AZURE, RARE, usePolled } from "./poll.js";
import { go, note, route } from "./route.js";
import { groupOf, imageChange, imageName, many, nameOf, shortened, versionName } from "./words.js";

/** @typedef {import("./check/api").ScaleSetSummary} Summary */
/** @typedef {{ image: import("./check/api").AnyImage | null, of?: string, preset: string, policy: Partial<import("./check/api").Policy>, reason: string }} Draft */

const DRAFT = "vmss-rollout-draft";
/** What has been typed: kept while another screen is looked at, or somebody signs in. @type {Draft} */
let kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? `{"image": null, "preset": "default", "policy": {}, "reason": ""}`);

/** @param {Partial<Draft>} part */
function keep(part) {
  kept = { ...kept, ...part };
  sessionStorage.setItem(DRAFT, JSON.stringify(kept));
  return kept;
}

export function Start() {
  /** @type {import("./poll.js").Polled<Summary[]>} */
  const sets = usePolled("scale-sets", AZURE);
  const [typed, setTyped] = useState(kept);
  const scaleSet = route.use().query["scaleSet"] ?? "";
  const change = (/** @type {Partial<Draft>} */ part) => setTyped(keep(part));
  if (!sets.data) return html`<${Waiting} live=${sets} what="the scale sets" />`;
  const set = sets.data.find((one) => one.id.toLowerCase() === scaleSet.toLowerCase());
  const draft = { ...typed, image: typed.of === set?.id ? typed.image : null };
  const choose = (/** @type {string} */ id) => note({ scaleSet: id });
  return html`<div class="stack wide"><h1>Start a rollout</h1>
    <${Step} number="1" title="Which scale set?" open=${!set}><${ScaleSetStep} sets=${sets.data} chosen=${set} choose=${choose} /><//>
    ${set ? html`<${Step} number="2" title="To which image?" open=${!draft.image}><${ImageStep} key=${set.id} set=${set} image=${draft.image} choose=${(/** @type {any} */ image) => change({ image, of: set.id })} /><//>` : null}
    ${set && draft.image ? html`<${Step} number="3" title="How carefully?"><${PolicyStep} draft=${draft} change=${change} /><//>
      <${Step} number="4" title="What it would do" open><${Preview} set=${set} draft=${draft} change=${change} /><//>` : null}
  </div>`;
}

/** @param {{ number: string, title: string, open?: boolean, children?: any }} props */
const Step = ({ number, title, open = false, children }) => html`<section class="step ${open ? "open" : ""}"><span class="number" aria-hidden="true">${number}</span>
  <div class="stack"><h2>${title}</h2>${children}</div></section>`;

/** @param {{ sets: Summary[], chosen: Summary | undefined, choose: (id: string) => void }} props */
function ScaleSetStep({ sets, chosen, choose }) {
  const [search, setSearch] = useState("");
  if (chosen) return html`<div class="row"><strong>${chosen.name}</strong><span class="soft">in ${groupOf(chosen.id)}, on ${imageName(chosen.image) || "an unknown image"}</span>
    <button type="button" onClick=${() => choose("")}>Choose another</button></div>`;
  const shown = sets.filter((set) => `${set.name} ${groupOf(set.id)} ${imageName(set.image)}`.toLowerCase().includes(search.toLowerCase()));
  return html`${sets.length > 8 ? html`<input class="search" type="search" data-search aria-label="Search" placeholder="Name, group or image" value=${search} onInput=${(/** @type {any} */ event) => setSearch(event.target.value)} />` : null}
    <fieldset class="choices tall"><legend class="for-readers">Scale set</legend>${shown.map((set) => html`<label class="choice" key=${set.id}>
      <input type="radio" name="scale-set" disabled=${!set.rollable} onChange=${() => choose(set.id)} />
      <span class="grow break"><strong>${set.name}</strong> <span class="soft">${groupOf(set.id)}</span>
        <span class="hint">${versionName(set.image)}, ${set.capacity ?? "?"} instances</span>
        ${set.rollable ? null : html`<span class="hint" title=${set.reason}>${shortened(set.reason)}</span>`}</span></label>`)}</fieldset>`;
}

/** The image to move to: what exists of the right kind, or another one by hand. @param {{ set: Summary, image: Draft["image"], choose: (image: any) => void }} props */
function ImageStep({ set, image, choose }) {
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

/** A version of what it has, an id, or a URN. @param {{ set: Summary, choose: (image: any) => void }} props */
function ByHand({ set, choose }) {
  const [text, setText] = useState("");
  const use = (/** @type {Event} */ event) => (event.preventDefault(), text.trim() && choose(parsed(text.trim())));
  return html`<form class="row" onSubmit=${use}><label class="grow">Version, URN or id
    <span class="hint">Such as ${versionName(set.image) || "1.0.0"}, publisher:offer:sku:version, or /subscriptions/…/images/…</span>
    <input value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></label><button class="main">Use it</button></form>`;
}

/** @param {string} text */
function parsed(text) {
  if (text.startsWith("/")) return { id: text };
  if (text.startsWith("https://")) return { uri: text };
  const [publisher, offer, sku, version] = text.split(":");
  return version ? { publisher, offer, sku, version } : { version: text };
}

/** Asked anew after each change: a plan changes nothing. @param {{ set: Summary, draft: Draft, change: (part: Partial<Draft>) => void }} props */
function Preview({ set, draft, change }) {
  const body = { scaleSet: set.id, image: draft.image, policy: draft.policy };
  const wanted = JSON.stringify(body);
  const [planned, setPlanned] = useState({ of: "", plan: /** @type {import("./check/api").Plan | null} */ (null), problem: /** @type {import("./check/api").Problem | null} */ (null) });
  const [problem, setProblem] = useState(/** @type {import("./check/api").Problem | null} */ (null));
  const [turn, setTurn] = useState(0);
  const [starting, setStarting] = useState(false);
  const [away, by] = [offline.use(), who.use()];
  useEffect(() => {
    let ended = false;
    const timer = setTimeout(async () => {
      const answer = await call("POST", "rollouts/plan", JSON.parse(wanted));
      if (!ended) setPlanned((before) => answer.problem ? { of: wanted, plan: before.of === wanted ? before.plan : null, problem: answer.problem } : { of: wanted, plan: answer.body, problem: null });
    }, 300);
    return () => ((ended = true), clearTimeout(timer));
  }, [wanted, turn, away]);
  const current = planned.of === wanted;
  const request = { ...body, plan: planned.plan?.fingerprint, ...(draft.reason ? { reason: draft.reason } : {}), ...(by ? { by } : {}) };
  const start = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setStarting(true);
    const answer = await call("POST", "rollouts", request);
    setStarting(false);
    setProblem(answer.problem ?? null);
    if (answer.problem) setTurn(turn + 1);
    else {
      keep({ image: null, reason: "" });
      go(["rollouts", answer.body.id]);
    }
  };
  return html`${!current && !planned.plan ? html`<p class="soft" role="status">Planning …</p>` : null}
    ${current && planned.problem ? html`<${ProblemNote} problem=${planned.problem}><p><button type="button" onClick=${() => setTurn(turn + 1)}>Plan again</button></p><//>` : null}
    ${planned.plan ? html`<${PlanShown} plan=${planned.plan} total=${set.capacity} />
      <form class="stack" onSubmit=${start}>
        <div class="fields"><label>Reason <span class="hint">Why this is done: a ticket, a CVE.</span><input value=${draft.reason} onInput=${(/** @type {any} */ event) => change({ reason: event.target.value })} /></label>
          <${WhoField} /></div>
        ${problem && !planned.problem ? html`<${ProblemNote} problem=${problem} />` : null}
        <div class="row"><button class="main" disabled=${!current || starting || planned.problem || !moved(planned.plan)}>${starting ? "Starting …" : `Start: move ${many(moved(planned.plan), "instance")} of ${nameOf(set.id)}`}</button>
          ${moved(planned.plan) ? null : html`<${Badge}>nothing to do<//>`}${current ? null : html`<span class="soft" role="status">Planning …</span>`}</div>
        <details><summary>The same from a terminal</summary><pre tabIndex="0">${command(request)}</pre><pre tabIndex="0">${curl(request)}</pre></details>
      </form>` : null}`;
}

/** @param {any} request @returns {string} for the command, whose options are the request's fields */
function command({ scaleSet, image, policy, plan, reason, by }) {
  const named = image.id ?? image.uri ?? [image.publisher, image.offer, image.sku, image.version].filter(Boolean).join(":");
  const said = Object.entries({ "--plan": plan, "-m": reason, "--by": by }).filter(([, value]) => value);
  const options = said.map(([option, value]) => `${option} ${quoted(value)}`);
  return ["vmss-rollout start", scaleSet, named, ...rules(policy), ...options].join(" \\\n  ");
}

/** @param {object} policy @param {string} [path] @returns {string[]} */
const rules = (policy, path = "") =>
  Object.entries(policy).flatMap(([name, value]) => (value !== null && typeof value === "object" && !Array.isArray(value)
    ? rules(value, `${path}${name}.`) : [`--set ${quoted(`${path}${name}=${Array.isArray(value) ? JSON.stringify(value) : value}`)}`]));

/** @param {string} text */
const quoted = (text) => (/^[\w.=%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** @param {any} request */
function curl(request) {
  const body = JSON.stringify(request, null, 2).replaceAll("'", "'\\''");
  return `curl -X POST ${address("rollouts")} \\\n  -H "x-functions-key: $KEY" -H "Content-Type: application/json" \\\n  -d '${body}'`;
}
