// When each batch did what: upgrade, boot, stable, bake, on one axis of time.
import { html } from "./html.js";
import { SectionHead, Time } from "./parts.js";
import { between, spoken } from "./words.js";

/** @type {Record<string, { label: string, fill: string }>} */
const STEPS = {
  checks: { label: "checks", fill: "skipped" },
  upgrade: { label: "upgrade", fill: "upgrading" },
  boot: { label: "boot", fill: "checking" },
  upgradeAndBoot: { label: "upgrade and boot", fill: "upgrading-checking" },
  stable: { label: "stable", fill: "settling" },
  bake: { label: "bake", fill: "done" },
};

/** @typedef {import("./check/api").TimelineBatch} Batch @typedef {{ step: string, beganAt: string, endedAt?: string | null }} Step */

/** Where one look saw both end, nobody knows when the upgrade did: they are one step. @param {Batch} batch @returns {Step[]} */
function stepsOf({ steps, upgradedAt, healthyAt }) {
  if (!upgradedAt || upgradedAt !== healthyAt) return steps;
  return steps.filter(({ step }) => step !== "boot").map((step) => (step.step === "upgrade" ? { ...step, step: "upgradeAndBoot" } : step));
}

/** @param {{ batches: Batch[] }} props */
export function Timeline({ batches }) {
  const begun = batches.filter((batch) => batch.beganAt).map((batch) => ({ ...batch, steps: stepsOf(batch) }));
  if (!begun.length) return null;
  const times = begun.flatMap((batch) => [batch.beganAt, batch.endedAt, ...batch.steps.flatMap((step) => [step.beganAt, step.endedAt])]);
  const known = times.filter((at) => typeof at === "string").sort();
  const [first = "", last = first] = [known[0], known.at(-1)];
  const whole = Math.max(between(first, last), 1);
  const part = (/** @type {string} */ at) => Math.min(100, Math.max(0, (between(first, at) / whole) * 100));
  const steps = [...new Set(begun.flatMap((batch) => batch.steps.map((step) => step.step)))];
  return html`<section class="card"><${SectionHead} title="Batches" count=${batches.length}>
      <span class="legend">${steps.map((name) => html`<span key=${name}><i class="state-${STEPS[name]?.fill ?? "pending"}"></i>${STEPS[name]?.label ?? name}</span>`)}</span><//>
    <div class="timeline">
      ${begun.map((batch) => html`<${Track} key=${`${batch.rollingBack}${batch.number}${batch.beganAt}`} batch=${batch} part=${part} last=${last} />`)}
    </div>
    ${batches.length > begun.length ? html`<p class="soft small">${batches.length - begun.length} more to come</p>` : null}
  </section>`;
}

/** @param {{ batch: Omit<Batch, "steps"> & { steps: Step[] }, part: (at: string) => number, last: string }} props */
function Track({ batch, part, last }) {
  const took = batch.beganAt && batch.endedAt ? spoken(between(batch.beganAt, batch.endedAt)) : "running";
  const spans = batch.steps.map((step) => ({ step: step.step, from: step.beganAt, to: step.endedAt ?? last }));
  const said = spans.map((step) => `${STEPS[step.step]?.label ?? step.step} ${spoken(between(step.from, step.to))}`).join(", ");
  return html`<span class="small nowrap">${batch.rollingBack ? "↶ " : ""}${batch.number}${batch.canary ? " canary" : ""} <span class="soft">${batch.place}</span></span>
    <span class="track" role="img" aria-label=${said} title=${said}>${spans.map((step) => html`<i key=${step.step + step.from}
      class="span state-${STEPS[step.step]?.fill ?? "pending"}" style=${{ left: `${part(step.from)}%`, width: `${part(step.to) - part(step.from)}%` }}></i>`)}</span>
    <span class="small soft number nowrap" title="from ${batch.beganAt}"><${Time} at=${batch.beganAt} />, ${took}</span>`;
}
