// What hooks, callbacks and news have sent here, in words.
import { byId, el } from "./dom.js";
import { buttons, isOpen, sentence } from "./question.js";
import { many, utc } from "./words.js";

/** @typedef {import("./question.js").Answered} Answered */
/** @typedef {{ at: string, box: string, body: string, json: any, status: number, answers: Answered[] }} Received */

let drawn = "";

/** The latest first. @param {Received[]} received @param {import("./question.js").Answering} answering */
export function drawReceived(received, answering) {
  const text = JSON.stringify(received);
  if (text === drawn) return;
  drawn = text;
  const list = byId("received");
  const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.getAttribute("data-at")));
  const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
  const nothing = el("li", { class: "none" }, "Nothing yet. It takes any POST at ", el("code", {}, `${location.origin}/_sim/received/`), " and a name of yours.");
  list.replaceChildren(...(received.length ? [...received].reverse().map((each) => row(each, open, answering)) : [nothing]));
  if (focused) [...list.querySelectorAll("button")].find((each) => each.dataset["key"] === focused)?.focus();
  byId("forget").hidden = !received.length;
}

/** @param {Received} received @param {Set<string | null>} open @param {import("./question.js").Answering} answering */
function row({ at, box, body, json, status, answers }, open, answering) {
  const key = `${at} ${box} ${body.length}`;
  const title = titleOf(json);
  return el("li", {},
    el("details", { "data-at": key, open: open.has(key) },
      el("summary", {}, el("strong", {}, box), ` ${utc(at).slice(11)} ${title} `, el("span", { class: "small soft" }, `answered ${status}`)),
      el("pre", { tabindex: 0, "aria-label": `What ${box} got` }, (json === null ? body : JSON.stringify(json, null, 2)) || "(no body)")),
    ...answers.map((each) => el("p", { class: "small" }, sentence(each))),
    typeof json?.callback === "string" && isOpen(answers) && buttons(title, json.callback, answering));
}

/** What a question, a hook or news says, in short; also news as Slack and Teams get them. @param {any} json */
function titleOf(json) {
  const batch = json?.batch ? `, ${String(json.place).replace("Batch", "")} batch ${json.batch}` : "";
  if (json?.callback) return `question ${json.gate ?? ""}${batch}`;
  if (json?.hook) return `hook ${json.hook}${batch}: ${instancesOf(json.instances ?? [])}`;
  if (json?.specversion) return `news ${json.data?.kind ?? json.type}: ${json.data?.message ?? json.subject ?? ""}`;
  return typeof json?.text === "string" ? json.text : cardOf(json);
}

/** The title and the sentence of an Adaptive Card. @param {any} json */
function cardOf(json) {
  const body = json?.attachments?.[0]?.content?.body;
  return Array.isArray(body) ? body.slice(0, 2).map(({ text = "" }) => text.replace(/\\(.)/g, "$1")).join(": ") : "";
}

/** @param {any[]} instances */
const instancesOf = (instances) => `${many(instances.length, "instance").replace(/^\d+ /, "")} ${instances.map((each) => each.id).join(", ")}`;
