// The page of the simulated Azure: it shows what is true, and makes things go wrong.
import { drawActive } from "./active.js";
import { answerForm, drawAnswers } from "./boxes.js";
import { ask, byId, el, notice, say } from "./dom.js";
import { MENU } from "./fault_menu.js";
import { familiesOf, faultForm, imageForm, laterForm, menuForm, scaleSetForm } from "./forms.js";
import { drawMonitor } from "./monitor.js";
import { SAYINGS } from "./monitor_menu.js";
import { drawReceived } from "./received.js";
import { ScaleSetCard } from "./scale_set.js";
import { STATES } from "./states.js";
import { familyOf, many, utc, versionOf } from "./words.js";

const SECOND = 1000;
const SHARE = 10; // a large fleet is asked for more seldom: looking takes a tenth of the time
const SHOWN = 6;

/** @type {Map<string, ScaleSetCard>} */
const cards = new Map();
/** @type {any} */
let seen = { scaleSets: [], images: [], faults: [] };
let next = 0;

/** @param {string} key @param {Record<string, any>} [given] */
const rehearse = (key, given) => faultForm(key, seen, look, given);

/** @type {import("./question.js").Answering} */
const answering = { now: () => seen.now, askWhen: (title, send) => laterForm(title, send, seen, look), after: look };

/** @template {import("./fault_menu.js").Choice} T @param {T[]} choices @param {(chosen: T) => void} open */
const buttons = (choices, open) => el("div", { class: "choices" },
  ...choices.map((each) => el("button", { type: "button", onclick: () => open(each) }, el("strong", {}, each.title), each.text)));

function drawMenu() {
  const roomy = matchMedia("(min-width: 901px)").matches;
  const groups = MENU.map(([title, open, choices]) => el("details", { class: "group", open: open && roomy }, el("summary", {}, title),
    buttons(choices, (chosen) => rehearse(chosen.key))));
  byId("menu").append(...groups);
  byId("sayings").replaceChildren(buttons(SAYINGS, (chosen) => menuForm(chosen, seen, look)));
  byId("key").replaceChildren(...Object.values(STATES).map((state) => el("li", {}, el("span", { class: `cell is-${state.name}`, "aria-hidden": "true" }, state.sign), state.label)));
  byId("publish").addEventListener("click", () => imageForm(seen, look));
  byId("new-set").addEventListener("click", () => scaleSetForm(seen, look));
  byId("end-all").addEventListener("click", () =>
    ask("DELETE", "/_sim/faults").then(() => notice("All faults are taken away."), (problem) => notice(problem.message)).then(look));
  byId("say-answer").addEventListener("click", () => answerForm(seen, look));
  byId("forget").addEventListener("click", () =>
    ask("DELETE", "/_sim/received").then(() => notice("What came is forgotten, and what boxes answer."), (problem) => notice(problem.message)).then(look));
}

function drawSets() {
  const ids = seen.scaleSets.map((/** @type {any} */ set) => set.id);
  if (ids.join() !== [...cards.keys()].join() || !ids.length) {
    for (const id of ids) if (!cards.has(id)) cards.set(id, new ScaleSetCard(rehearse));
    for (const id of [...cards.keys()]) if (!ids.includes(id)) cards.delete(id);
    const none = el("p", { class: "card loading" }, "There is no scale set yet: make one with “New scale set”.");
    byId("sets").replaceChildren(...(ids.length ? ids.map((/** @type {string} */ id) => /** @type {ScaleSetCard} */ (cards.get(id)).element) : [none]));
  }
  for (const set of seen.scaleSets) /** @type {ScaleSetCard} */ (cards.get(set.id)).update(set);
  say(byId("count"), many(ids.length, "scale set"));
}

let imagesDrawn = "";

function drawImages() {
  const used = new Set(seen.scaleSets.map((/** @type {any} */ set) => set.image));
  const bad = new Set(seen.faults.filter((/** @type {any} */ one) => one.fault.kind === "badImage").flatMap((/** @type {any} */ one) => [one.fault.id, one.fault.version]));
  const rows = [...familiesOf(seen.images)].map(([family, versions]) => ({ family, versions: versions.slice(-SHOWN).reverse().map(({ id }) =>
    ({ id, look: bad.has(id) || bad.has(versionOf(id)) ? "bad" : used.has(id) ? "runs" : "" })) }));
  const others = seen.images.filter((/** @type {any} */ image) => !["platform", "gallery"].includes(image.kind));
  const text = JSON.stringify([rows, others.length]);
  if (text === imagesDrawn) return;
  imagesDrawn = text;
  byId("images").replaceChildren(...rows.map(({ family, versions }) => el("li", {}, el("span", { class: "family" }, family),
    el("div", { class: "versions" }, ...versions.map(({ id, look }) => el("span", { class: look }, `${versionOf(id)}${{ bad: " bad", runs: " in a model" }[look] ?? ""}`))))),
  ...others.map((/** @type {any} */ image) => el("li", { class: "family" }, familyOf(image.id), " ", versionOf(image.id))));
}

async function look() {
  clearTimeout(next);
  const began = performance.now();
  try {
    seen = await ask("GET", "/_sim");
    byId("offline").hidden = true;
    say(byId("clock"), utc(seen.now));
    drawActive(seen.faults, seen.now, look);
    drawSets();
    drawImages();
    drawMonitor(seen, look);
    drawReceived(seen.received, answering);
    drawAnswers(seen.answers, look);
  } catch (problem) {
    say(byId("offline"), problem instanceof Error ? problem.message : String(problem));
    byId("offline").hidden = false;
  }
  clearTimeout(next);
  if (!document.hidden) next = setTimeout(look, Math.max(SECOND, SHARE * (performance.now() - began)));
}

drawMenu();
document.addEventListener("visibilitychange", look);
look();
