// The faults that act now, in words; each can be taken away.
import { byId } from "./dom.js";
import { choice } from "./fault_menu.js";
import { drawLines } from "./list.js";
import { imageName, many, nameOf, utc } from "./words.js";

/** @typedef {{ id: string, fault: any, since: string, hits: number, left: number | null }} Active */

/** @param {Active[]} faults @param {string} now @param {() => void} after */
export function drawActive(faults, now, after) {
  const lines = faults.map((active) => {
    const title = titleOf(active.fault);
    const text = [...detailsOf(active.fault), lifeOf(active, now)].join(", ");
    return { key: active.id, title, text, button: "Take it away", away: [`/_sim/faults/${active.id}`], done: `${title}: taken away.` };
  });
  drawLines(byId("active"), lines, "Nothing: Azure works as it should.", after);
  byId("end-all").hidden = lines.length < 2;
}

/** As the menu says it; of what was declared by other means, its kind. @param {any} fault */
function titleOf(fault) {
  if (fault.kind === "slowBoot" && fault.seconds !== undefined) return choice("stuck").title;
  if (fault.kind === "serverError" && fault.rate === 1 && !fault.count && !fault.path && !fault.method) return choice("outage").title;
  if (fault.body?.error?.code === "OperationPreempted") return choice("preempted").title;
  return choice(fault.kind)?.title ?? fault.kind;
}

/** @param {any} fault @returns {string[]} */
function detailsOf({ kind, id, version, uri, scaleSet, instanceIds, count, rate, body, seconds, after, period, image, ...rest }) {
  const said = [
    (id || uri) && imageName(id ?? uri), version, instanceIds && `${many(instanceIds.length, "instance").replace(/^\d+ /, "")} ${instanceIds.join(", ")}`,
    scaleSet && `in ${nameOf(scaleSet)}`, image && `to ${image.id ? imageName(image.id) : image.version}`,
    kind === "serverError" && after === true && "carried out all the same", period && !/^P\d+D$/.test(period) && "on and off",
  ];
  const more = Object.entries(rest).filter(([, value]) => value !== false && value !== null && value !== "PT0S").map(([name, value]) => word(name, value));
  return [...said, ...more].filter(Boolean);
}

/** @param {string} name @param {unknown} value */
function word(name, value) {
  if (name === "retryAfter") return `wait ${value} s`;
  if (name === "deallocated") return "deallocated";
  if (name === "factor") return `${value} times longer`;
  if (["method", "path", "status"].includes(name)) return String(value);
  return `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`;
}

/** @param {Active} active @param {string} now */
function lifeOf({ since, hits, left }, now) {
  if (since > now) return `at ${utc(since).slice(11)}`;
  const struck = hits ? `${hits} so far` : "none so far";
  if (left !== null) return `${struck}, ${left} to come`;
  return hits ? `${struck}, until you take it away` : "until you take it away";
}
