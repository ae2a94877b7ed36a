// A policy: its rules in words, as they are shown, and as fields, by preset or one by one.
import { Conditions, LISTS } from "./conditions.js";
import { html } from "./html.js";
import { PolicyField, withValue } from "./policy_field.js";
import { RARE, usePolled } from "./poll.js";
import { seconds, spoken } from "./words.js";

/** @param {any} value @returns {string} */
function said(value) {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value.name ?? span(value) ?? value.calendar ?? JSON.stringify(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && /^P(?=.)/.test(value) && !Number.isNaN(seconds(value))) return spoken(seconds(value));
  return Array.isArray(value) ? value.map(said).join(value.some((one) => typeof one === "object") ? "; " : ", ") : String(value);
}

/** A window or a freeze, as people say it. @param {any} value */
function span({ days, from, to, timeZone, reason }) {
  if (!from) return undefined;
  const on = days && days.length < 7 ? days.join(", ") : reason ? "" : "daily";
  return [on, `${from} to ${to}`, timeZone, reason ? `(${reason})` : ""].filter(Boolean).join(" ");
}

/** @type {Record<string, string>} */
const NAMES = {
  batchBy: "Batches by", maxBatchInstances: "Most at once", allowFullOutage: "Full outage allowed", updateDomains: "Update domains",
  faultDomains: "Fault domains", zones: "Zones", instanceIds: "Instances", canary: "Canary", approval: "Approval", approvalTimeout: "Approval within",
  pauseBetweenBatches: "Pause between", gates: "Gates", hooks: "Hooks", windows: "Windows", freezes: "Freezes", health: "Health", deadline: "Deadline", maxUnhealthyInstances: "Most unhealthy",
  maxUnhealthyUpgradedInstances: "Most may fail", onFailure: "When it fails", rollbackOnFailure: "Failure on the way back", decisionTimeout: "Decision within",
};

/** @param {import("./check/api").PolicyShown} policy @returns {[string, any][]} */
export function policyFacts(policy) {
  return Object.entries(policy).filter(([, value]) => value !== null && value !== undefined && String(value) !== "").map(([name, value]) => [
    NAMES[name] ?? name,
    typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).filter(([, one]) => one !== null).map(([one, what]) => `${one} ${said(what)}`).join(", ")
      : said(value),
  ]);
}

/** @type {import("./policy_field.js").Field[]} */
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
  const policy = choices.find((/** @type {any} */ one) => one.name === draft.preset)?.policy ?? {};
  const own = JSON.stringify(draft.policy) !== JSON.stringify(policy);
  const kept = Object.fromEntries(LISTS.filter((list) => draft.policy[list] && JSON.stringify(draft.policy[list]) !== JSON.stringify(policy[list])).map((list) => [list, draft.policy[list]]));
  return html`<fieldset class="choices"><legend class="for-readers">Preset</legend>${choices.map((/** @type {any} */ preset) => html`<label class="choice" key=${preset.name}>
      <input type="radio" name="preset" checked=${draft.preset === preset.name} onChange=${() => change({ preset: preset.name, policy: { ...preset.policy, ...kept } })} />
      <span class="grow"><strong>${preset.title}</strong>${draft.preset === preset.name && own ? html` <span class="soft">changed</span>` : null}<span class="hint">${preset.description}</span></span></label>`)}</fieldset>
    <details class="card"><summary>Every rule</summary><div class="fields">
      ${FIELDS.map((field) => html`<${PolicyField} key=${field.path} field=${field} policy=${draft.policy} set=${(/** @type {string} */ value) => change({ policy: withValue(draft.policy, field.path, /^\d+$/.test(value) ? Number(value) : value) })} />`)}
    </div><p class="soft small">What is left empty is as the app has it by default.</p></details>
    <${Conditions} policy=${draft.policy} change=${(/** @type {any} */ policy) => change({ policy })} />`;
}
