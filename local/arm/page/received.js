// What hooks, callbacks and news have sent here.
import { byId, el } from "./dom.js";
import { utc } from "./words.js";

/** @typedef {{ at: string, box: string, body: string, json: any, status: number }} Received */

let drawn = "";

/** The latest first. @param {Received[]} received */
export function drawReceived(received) {
  const text = JSON.stringify(received);
  if (text === drawn) return;
  drawn = text;
  const list = byId("received");
  const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.getAttribute("data-at")));
  const nothing = el("li", { class: "none" }, "Nothing yet. It takes any POST at /_sim/received/ and a name of yours.");
  list.replaceChildren(...(received.length ? [...received].reverse().map((each) => row(each, open)) : [nothing]));
}

/** @param {Received} received @param {Set<string | null>} open */
function row({ at, box, body, json, status }, open) {
  const shown = json === null ? body : JSON.stringify(json, null, 2);
  const key = `${at} ${box}`;
  return el("li", {}, el("details", { "data-at": key, open: open.has(key) },
    el("summary", {}, el("strong", {}, box), ` ${utc(at).slice(11)} `, el("span", { class: "small" }, `answered ${status}`)),
    el("pre", {}, shown || "(no body)")));
}
