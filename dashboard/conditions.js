// Gates, hooks, windows and freezes of a policy as a form: each entry from a template, its main fields, and all of it as JSON.
import { useState } from "preact/hooks";
import { html } from "./html.js";
import { PolicyField, withValue } from "./policy_field.js";
import { many, plain } from "./words.js";

/** @typedef {import("./policy_field.js").Field} Field @typedef {{ list: string, kind: string, label: string, entry: any, next?: any, fields: Field[] }} Template `next`: what is else with a second one */

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** @type {Field[]} */
const GATE = [
  { path: "name", label: "Name", hint: "of your own" },
  { path: "place", label: "Asked", hint: "where in the rollout", options: ["start", "beforeBatch", "bake", "afterBatch", "end"], required: true },
  { path: "weight", label: "Weight", hint: "advisory and dryRun hold nobody", options: ["required", "advisory", "dryRun"] },
];
/** Those that every hook has, whatever its kind. @type {Field[]} */
const HOOK = [
  { path: "name", label: "Name", hint: "of your own" },
  { path: "place", label: "Called", hint: "drain before, put back after", options: ["beforeBatch", "afterBatch"], required: true },
  { path: "call.url", label: "URL", hint: "https; told by POST which instances" },
  { path: "call.headers.Authorization.secret", label: "Secret", hint: "its name; sent as Authorization" },
  { path: "timeout", label: "Time-out", hint: "PT10M, if left empty" },
  { path: "action", label: "If it is not done", hint: "fails, as a gate does, or goes on", options: ["fail", "goOn"] },
  { path: "addresses", label: "Addresses", hint: "private ones of its VMs, too", options: [false, true] },
];
/** @type {Field} */
const CONDITION = { path: "check.condition", label: "Condition", hint: "what must hold, such as < 1" };
/** @type {Field} */
const ZONED = { path: "timeZone", label: "Time zone", hint: "IANA name", list: "zones" };

/** @param {string} kind @param {string} label @param {string} name @param {object} check @param {Field[]} fields @returns {Template} */
const gate = (kind, label, name, check, fields) => ({ list: "gates", kind, label, entry: { name, place: "afterBatch", check: { kind, ...check } }, fields: [...GATE, ...fields] });

/** @param {string} kind @param {string} label @returns {Template} */
const hook = (kind, label) => ({ list: "hooks", kind, label, entry: { name: "drain", place: "beforeBatch", call: { kind, url: "https://" } }, next: { name: "put back", place: "afterBatch" }, fields: HOOK });

/** @type {Template[]} */
const TEMPLATES = [
  gate("http", "Gate: a URL answers", "check", { url: "https://" }, [
    { path: "check.url", label: "URL", hint: "https; asked with GET" },
    { path: "check.condition", label: "Condition", hint: "JMESPath over its JSON; may be empty" }]),
  gate("alert", "Gate: no alert is fired", "alerts", { severity: "Sev2" }, [
    { path: "check.severity", label: "Severity", hint: "or a graver one", options: ["Sev0", "Sev1", "Sev2", "Sev3", "Sev4"] }]),
  gate("metric", "Gate: a metric of Azure Monitor", "metric", { name: "Percentage CPU", condition: "< 80" }, [
    { path: "check.name", label: "Metric", hint: "its name in Azure's API" }, CONDITION,
    { path: "check.comparedTo", label: "Compared to", hint: "then <= 110 % or <= +5", options: ["number", "before", "notUpgraded"] }]),
  gate("query", "Gate: a query of logs (KQL)", "query", { workspace: "", query: "", column: "", condition: "< 1" }, [
    { path: "check.workspace", label: "Workspace", hint: "its id" },
    { path: "check.query", label: "Query", hint: "that answers one row" },
    { path: "check.column", label: "Column", hint: "with the number" }, CONDITION]),
  gate("callback", "Gate: somebody answers later (callback)", "callback", { url: "https://" }, [{ path: "check.url", label: "URL", hint: "that we post the question to" }]),
  hook("http", "Hook: a URL is called"),
  hook("callback", "Hook: somebody answers later (callback)"),
  { list: "windows", kind: "window", label: "Window: when batches may run", entry: { days: DAYS.slice(0, 4), from: "22:00", to: "05:00", timeZone: ZONE },
    fields: [{ path: "from", label: "From", hint: "such as 22:00" }, { path: "to", label: "To", hint: "05:00 is on the next day" }, ZONED] },
  { list: "freezes", kind: "freeze", label: "Freeze: when nothing may run", entry: { from: "", to: "", timeZone: ZONE, reason: "" },
    fields: [{ path: "from", label: "From", hint: "a day or a time: 2026-12-20T18:00" }, { path: "to", label: "To", hint: "a day is frozen to its end" }, ZONED,
      { path: "reason", label: "Reason", hint: "read while it waits" }] },
  { list: "freezes", kind: "calendar", label: "Freezes of a calendar (iCalendar)", entry: { calendar: "https://" }, fields: [{ path: "calendar", label: "Address", hint: "of an .ics file" }] },
];
export const LISTS = [...new Set(TEMPLATES.map(({ list }) => list))];

/** What the list of templates says was chosen. @param {Template} template */
const valueOf = ({ list, kind }) => `${list}.${kind}`;

/** @param {string} list @param {any} entry @returns {Template | undefined} none for what is edited as JSON only */
const templateOf = (list, entry) => TEMPLATES.find((one) => one.list === list && one.kind === ((entry.check ?? entry.call)?.kind ?? (entry.calendar ? "calendar" : list.slice(0, -1))));

/** @param {{ policy: any, change: (policy: any) => void }} props */
export function Conditions({ policy, change }) {
  const count = LISTS.reduce((sum, list) => sum + (policy[list]?.length ?? 0), 0);
  const put = (/** @type {string} */ list, /** @type {any[]} */ entries) => {
    const { [list]: _before, ...others } = policy;
    change(entries.length ? { ...others, [list]: entries } : others);
  };
  const add = (/** @type {any} */ event) => {
    const template = TEMPLATES.find((one) => valueOf(one) === event.target.value);
    event.target.value = "";
    if (!template) return;
    const others = policy[template.list] ?? [];
    put(template.list, [...others, named({ ...template.entry, ...(others.length ? template.next : {}) }, others)]);
  };
  return html`<details class="card" open=${count > 0}><summary>Gates, hooks, windows and freezes${count ? html` <span class="soft">${many(count, "entry").replace("entrys", "entries")}</span>` : null}</summary>
    <div class="stack conditions">
      ${LISTS.flatMap((list) => (policy[list] ?? []).map((/** @type {any} */ entry, /** @type {number} */ at) => html`<${Entry} key=${`${list} ${at}`} list=${list} entry=${entry}
        set=${(/** @type {any} */ next) => put(list, policy[list].toSpliced(at, 1, ...(next ? [next] : [])))} />`))}
      <label class="search">Add <span class="hint">What else must hold, who is called, and when it may run.</span>
        <select aria-label="Add" value="" onChange=${add}><option value="">Choose …</option>${TEMPLATES.map((one) => html`<option key=${one.label} value=${valueOf(one)}>${one.label}</option>`)}</select></label>
      <datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option key=${zone} value=${zone} />`)}</datalist>
    </div></details>`;
}

/** With a name that no other has. @param {any} entry @param {any[]} others */
function named(entry, others) {
  const taken = new Set(others.map(({ name }) => name));
  const free = [entry.name, ...others.map((_, at) => `${entry.name} ${at + 2}`)].find((name) => !taken.has(name));
  return entry.name ? { ...entry, name: free } : entry;
}

/** @param {{ list: string, entry: any, set: (entry: any) => void }} props `set(null)` takes it out */
function Entry({ list, entry, set }) {
  const template = templateOf(list, entry);
  const title = template?.label ?? `${plain(list)}: ${entry.name ?? entry.calendar ?? "entry"}`;
  return html`<fieldset class="entry stack"><legend>${title}</legend>
    ${list === "windows" ? html`<${Days} days=${entry.days ?? DAYS} set=${(/** @type {string[]} */ days) => set({ ...entry, days })} />` : null}
    <div class="fields">${template?.fields.map((field) => html`<${PolicyField} key=${field.path} field=${field} policy=${entry}
      set=${(/** @type {string | boolean} */ value) => set(withValue(entry, field.path, value))} />`)}</div>
    <div class="row foot"><${AsJson} key=${JSON.stringify(entry)} entry=${entry} set=${set} />
      <button type="button" onClick=${() => set(null)} aria-label=${`Remove ${entry.name ?? title}`}>Remove</button></div></fieldset>`;
}

/** @param {{ days: string[], set: (days: string[]) => void }} props */
const Days = ({ days, set }) => html`<div class="row" role="group" aria-label="Days on which it begins">${DAYS.map((day) => html`<label class="day" key=${day}>
  <input type="checkbox" checked=${days.includes(day)} onChange=${(/** @type {any} */ event) => set(DAYS.filter((each) => (each === day ? event.target.checked : days.includes(each))))} />${day}</label>`)}</div>`;

/** All of it, for the rest: what is no JSON is kept, and not used. @param {{ entry: any, set: (entry: any) => void }} props */
function AsJson({ entry, set }) {
  const [fault, setFault] = useState("");
  const changed = (/** @type {any} */ event) => {
    try {
      const next = JSON.parse(event.target.value);
      if (next === null || typeof next !== "object" || Array.isArray(next)) throw new Error("It is no object.");
      set(next);
    } catch (error) {
      setFault(`This is not used: ${error instanceof Error ? error.message : error}`);
    }
  };
  return html`<details class="grow"><summary class="small">All of it, as JSON</summary>
    <textarea class="code" aria-label="As JSON" rows="8" spellcheck=${false} aria-invalid=${Boolean(fault)} defaultValue=${JSON.stringify(entry, null, 2)} onChange=${changed}></textarea>
    ${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}</details>`;
}
