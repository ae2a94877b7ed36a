// What Azure Monitor says now, in words; each can be ended or taken away.
import { byId } from "./dom.js";
import { drawLines } from "./list.js";
import { nameOf, utc } from "./words.js";

/** @typedef {import("./list.js").Line} Line */

const RESOLVED = 3; // of those that are over, the latest: the list of what is stays short

/** @param {{ now: string, alerts: any[], metrics: any[], logs: any[] }} seen @param {() => void} after */
export function drawMonitor({ now, alerts, metrics, logs }, after) {
  const fired = alerts.filter((alert) => alert.condition === "Fired");
  const over = alerts.filter((alert) => alert.condition === "Resolved").slice(-RESOLVED);
  const groups = Map.groupBy(metrics, ({ id, dimensions, ...same }) => JSON.stringify([same, Object.keys(dimensions)]));
  const lines = [...fired.map((alert) => firedLine(alert, now)), ...over.map(resolvedLine), ...[...groups.values()].map(metricLine), ...logs.map(logLine)];
  drawLines(byId("monitor"), lines, "Nothing: no alert has fired; no metric has a value, and no query a row.", after);
}

/** @param {any} alert @param {string} now @returns {Line} */
function firedLine({ id, rule, resource, severity, firedAt }, now) {
  const name = `lert “${nameOf(rule)}”`;
  const [title, when, button, look] = firedAt > now ? ["will fire", "fires at ", "Take it away", "calm"] : ["fired", "", "Resolve", ""];
  const done = `A${name}: ${firedAt > now ? "taken away" : "resolved"}.`;
  return { key: id, title: `A${name} ${title}`, text: `${severity}, on ${nameOf(resource)}, ${when}${time(firedAt)}`, button, look, label: `a${name}`, away: [`/_sim/alerts/${id}`], done };
}

/** As in Azure, it stays listed. @param {any} alert @returns {Line} */
function resolvedLine({ id, rule, resource, severity, firedAt, resolvedAt }) {
  const text = `${severity}, on ${nameOf(resource)}, fired ${time(firedAt)}, resolved ${time(resolvedAt)}`;
  return { key: id, look: "calm", title: `Alert “${nameOf(rule)}” resolved`, text };
}

/** Those that differ by the values of their dimensions alone. @param {any[]} group @returns {Line} */
function metricLine(group) {
  const { id, name, value, resource, dimensions } = group[0];
  const names = Object.keys(dimensions).map((key) => `${key} ${group.map((each) => each.dimensions[key]).join(", ")}`);
  return takenAway(id, `${name}: ${value ?? "no value"}`, [nameOf(resource), ...names].join(", "), group.map((each) => `/_sim/metrics/${each.id}`));
}

/** @param {any} answer @returns {Line} */
function logLine({ id, target, query, table, error }) {
  const cells = Object.keys(table.columns).map((name, at) => `${name} = ${table.rows[0]?.[at]}`).join(", ");
  const more = table.rows.length - 1;
  const row = table.rows.length ? `${cells}${more ? `, and ${more} more` : ""}` : "no row";
  const which = query ? `for queries with “${query}”` : "for every query";
  return takenAway(id, `Query: ${error || row}`, `${which}${target ? ` of ${nameOf(target)}` : ""}`, [`/_sim/logs/${id}`]);
}

/** @param {string} key @param {string} title @param {string} text @param {string[]} away @returns {Line} */
const takenAway = (key, title, text, away) => ({ key, title, text, away, look: "calm", button: "Take it away", done: `${title}: taken away.` });

/** @param {string} at */
const time = (at) => utc(at).slice(11);
