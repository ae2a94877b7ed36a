// News: who is told, what waits, what was given up, and a test of it.
import { useState } from "preact/hooks";
import { call } from "./api.js";
import { html } from "./html.js";
import { Badge, Facts, ProblemNote, SectionHead, Stale, Time, Waiting } from "./parts.js";
import { AZURE, RARE, usePolled } from "./poll.js";
import { to } from "./route.js";
import { many, plain } from "./words.js";

/** @typedef {import("./check/api").NewsReport} Report @typedef {import("./check/api").TestedReceiver} Tested @typedef {Report["givenUp"][number]["subject"]} Subject */

export function News() {
  /** @type {import("./poll.js").Polled<Report>} */
  const live = usePolled("news", AZURE);
  if (!live.data) return html`<${Waiting} live=${live} what="the news" />`;
  const { receivers, waiting, givenUp } = live.data;
  return html`<div class="stack wide"><${Stale} live=${live} /><h1>${headline(live.data)}</h1>
    <${Receivers} receivers=${receivers} refresh=${live.refresh} />
    ${waiting.length ? html`<section class="card"><${SectionHead} title="Waiting to be taken" count=${waiting.length} /><ul class="gates">${waiting.map((line) => html`<li key=${line.id}>
      <span class="mark"><${Badge} tone="waits"><span class="sign" aria-hidden="true">…</span>${many(line.waiting, "message")}<//></span>
      <div class="grow break"><strong>${line.receiver}</strong> <${About} subject=${line.subject} /><p class="small">${line.why}</p></div>
      <span class="when small soft">since <${Time} at=${line.failing} short /></span></li>`)}</ul></section>` : null}
    ${givenUp.length ? html`<section class="card"><${SectionHead} title="Given up" count=${givenUp.length} />
      <p class="soft small">A message that is a day old, or that a receiver refuses as it is. The list is cleared as soon as the receiver takes a test.</p><ul class="gates">${givenUp.map((lost) => html`<li key=${lost.id}>
      <span class="mark"><${Badge} tone="bad"><span class="sign" aria-hidden="true">✗</span>given up<//></span>
      <div class="grow break"><strong>${lost.receiver}</strong> <${About} subject=${lost.subject} /> <span class="soft small">${plain(lost.kind)}</span><p class="small">${lost.message}</p><p class="small fault">${lost.why}</p></div>
      <span class="when small soft"><${Time} at=${lost.time} short /></span></li>`)}</ul></section>` : null}
  </div>`;
}

/** @param {Report} report */
function headline({ receivers, waiting, givenUp }) {
  if (givenUp.length) return `${many(givenUp.length, "message")} could not be delivered`;
  if (waiting.length) return `${many(new Set(waiting.map(({ receiver }) => receiver)).size, "receiver")} cannot be reached`;
  return receivers.length ? "All news were taken" : "Nobody is told";
}

/** What it is about, with a link to it. @param {{ subject: Subject }} props */
function About({ subject }) {
  const screen = { rollout: "rollouts", fleetRollout: "fleets" }[/** @type {string} */ (subject.kind)];
  return screen ? html`<a href=${to([screen, subject.id])} data-line>${subject.id}</a>` : html`<a href=${to(["followed"])}>${subject.id}</a>`;
}

/** @param {{ receivers: Report["receivers"], refresh: () => void }} props */
function Receivers({ receivers, refresh }) {
  const [tested, setTested] = useState(/** @type {Tested[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("./check/api").Problem | null} */ (null));
  const [sending, setSending] = useState(false);
  if (!receivers.length) return html`<p class="card empty"><strong>The setting ROLLOUT_NEWS names no receiver.</strong> A webhook, Slack, Teams or an Event Grid topic can be told what happens: docs/news.md.</p>`;
  const test = async () => {
    setSending(true);
    const answer = await call("POST", "news/test");
    setSending(false);
    setProblem(answer.problem ?? null);
    setTested(answer.problem ? null : answer.body);
    refresh();
  };
  return html`<section class="card stack"><${SectionHead} title="Who is told" count=${receivers.length}>
      <button type="button" onClick=${test} disabled=${sending}>${sending ? "Sending …" : "Send a test"}</button><//>
    ${problem ? html`<${ProblemNote} problem=${problem} />` : null}
    <ul class="gates" aria-live="polite">${receivers.map((one) => html`<li key=${one.name}><span class="mark"><${Outcome} tested=${tested?.find(({ receiver }) => receiver === one.name)} /></span>
      <div class="grow break"><strong>${one.name}</strong> <span class="soft small">${[plain(one.kind), one.host].filter(Boolean).join(", ")}</span>
        <${Only} only=${one.only} /><${Why} tested=${tested?.find(({ receiver }) => receiver === one.name)} /></div></li>`)}</ul></section>`;
}

/** @param {{ tested: Tested | undefined }} props */
function Outcome({ tested }) {
  const [tone, sign, label] = tested ? (tested.delivered ? ["good", "✓", "took it"] : ["bad", "✗", "did not"]) : ["calm", "·", "not tested"];
  return html`<${Badge} tone=${tone}><span class="sign" aria-hidden="true">${sign}</span>${label}<//>`;
}

/** @param {{ tested: Tested | undefined }} props */
const Why = ({ tested }) => (tested?.why ? html`<p class="small fault">${tested.why}</p>` : null);

/** What it is told of; everything, if that is not narrowed. @param {{ only: Report["receivers"][number]["only"] }} props */
function Only({ only }) {
  const { kinds, phases, ids, fleets, tags } = only;
  if (!Object.keys(only).length) return html`<p class="small soft">everything</p>`;
  return html`<div class="small"><${Facts} items=${[["Only", kinds?.map(plain).join(", ")], ["In phases", phases?.join(", ")], ["Ids", ids], ["Fleet rollouts", fleets],
    ["Tags", tags && Object.entries(tags).map((tag) => tag.join("=")).join(", ")]]} /></div>`;
}

/** What the app itself says, if that needs somebody: news that were given up. */
export function NewsNote() {
  const lost = usePolled("health", RARE).data?.news;
  return lost?.length ? html`<p class="note tone-waits"><strong>${many(lost.length, "message")} could not be delivered.</strong> Rollouts go on all the same. <a href=${to(["news"])}>See which, and why</a></p>` : null;
}
