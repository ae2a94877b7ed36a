// A policy: its rules in words, as they are shown, and as fields, by preset or one by one.
import { html } from "./html.js";
import { RARE, usePolled } from "./poll.js";
import { seconds, spoken } from "./words.js";

/** @param {unknown} value */
function said(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && /^P(?=.)/.test(value) && !Number.isNaN(seconds(value))) return spoken(seconds(value));
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** @type {Record<string, string>} */
const NAMES = {
  batchBy: "Batches by", maxBatchInstances: "Most at once", allowFullOutage: "Full outage allowed", updateDomains: "Update domains",
  faultDomains: "Fault domains", zones: "Zones", instanceIds: "Instances", canary: "Canary", approval: "Approval", approvalTimeout: "Approval within",
  pauseBetweenBatches: "Pause between", health: "Health", deadline: "Deadline", maxUnhealthyInstances: "Most unhealthy",
  maxUnhealthyUpgradedInstances: "Most may fail", onFailure: "When it fails", rollbackOnFailure: "Failure on the way back", decisionTimeout: "Decision within",
};

/** @param {import("./check/api").PolicyShown} policy @returns {[string, any][]} */
export function policyFacts(policy) {
  return Object.entries(policy).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [
    NAMES[name] ?? name,
    typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).filter(([, one]) => one !== null).map(([one, what]) => `${one} ${said(what)}`).join(", ")
      : said(value),
  ]);
}

/** @typedef {{ path: string, label: string, hint: string, options?: string[] }} Field */

/** @type {Field[]} */
const FIELDS = [
  { path: "maxBatchInstances", label: "Most instances at once", hint: "a count, or a percentage: 20%" },
  { path: "approval", label: "Approval", hint: "what waits for a person", options: ["none", "start", "canary", "everyBatch"] },
  { path: "canary.instances", label: "Canary instances", hint: "upgraded alone first" },
  { path: "canary.bake", label: "Canary bakes", hint: "ISO 8601, such as PT10M" },
  { path: "onFailure", label: "When too many fail", hint: "what to do", options: ["rollback", "pause", "stop"] },
  { path: "maxUnhealthyUpgradedInstances", label: "Most that may fail", hint: "a count or a percentage" },
  { path: "health.stable", label: "Healthy for", hint: "without a break: PT1M" },
  { path: "health.timeout", label: "Time for a batch", hint: "then it has failed: PT15M" },
  { path: "health.source", label: "Health from", hint: "powerState: runs is enough", options: ["auto", "applicationHealth", "powerState"] },
  { path: "pauseBetweenBatches", label: "Pause between batches", hint: "such as PT5M" },
  { path: "deadline", label: "Deadline", hint: "no batch begins later: P1D" },
];

/** @param {{ draft: any, change: (part: any) => void }} props */
export function PolicyStep({ draft, change }) {
  const presets = usePolled("policies/presets", RARE);
  const choices = presets.data ?? [{ name: "default", title: "Default", description: "One update domain at a time; at the first failure everything goes back.", policy: {} }];
  const own = JSON.stringify(draft.policy) !== JSON.stringify(choices.find((/** @type {any} */ one) => one.name === draft.preset)?.policy);
  return html`<fieldset class="choices"><legend class="for-readers">Preset</legend>${choices.map((/** @type {any} */ preset) => html`<label class="choice" key=${preset.name}>
      <input type="radio" name="preset" checked=${draft.preset === preset.name} onChange=${() => change({ preset: preset.name, policy: preset.policy })} />
      <span class="grow"><strong>${preset.title}</strong>${draft.preset === preset.name && own ? html` <span class="soft">changed</span>` : null}<span class="hint">${preset.description}</span></span></label>`)}</fieldset>
    <details class="card"><summary>Every rule</summary><div class="fields">
      ${FIELDS.map((field) => html`<${PolicyField} key=${field.path} field=${field} policy=${draft.policy} set=${(/** @type {string} */ value) => change({ policy: withValue(draft.policy, field.path, value) })} />`)}
    </div><p class="soft small">What is left empty is as the app has it by default.</p></details>`;
}

/** @param {{ field: Field, policy: any, set: (value: string) => void }} props */
function PolicyField({ field, policy, set }) {
  const value = field.path.split(".").reduce((part, name) => part?.[name], policy) ?? "";
  const changed = (/** @type {any} */ event) => set(event.target.value);
  return html`<label>${field.label} <span class="hint">${field.hint}</span>${field.options
    ? html`<select value=${value} onChange=${changed}><option value="">default</option>${field.options.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}</select>`
    : html`<input value=${value} onChange=${changed} />`}</label>`;
}

/** The policy with that value at "canary.instances"; "" takes it out. @param {any} policy @param {string} path @param {string} value @returns {any} */
function withValue(policy, path, value) {
  const [name = "", ...rest] = path.split(".");
  const { [name]: before, ...others } = policy;
  const inner = rest.length ? withValue(before ?? {}, rest.join("."), value) : /^\d+$/.test(value) ? Number(value) : value;
  const empty = inner === "" || (rest.length && !Object.keys(inner).length);
  return empty ? others : { ...others, [name]: inner };
}
