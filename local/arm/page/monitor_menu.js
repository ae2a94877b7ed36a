// What Azure Monitor can be made to say. `fault` makes of a form's values what is declared, as in the menu of faults.
import { nameOf } from "./words.js";

/** @typedef {import("./fault_menu.js").Choice & { path: string, submit: string, done: string }} Said `path`: of the control */
/** @typedef {import("./fields.js").Field} Field */

const SET = /** @type {Field} */ ({ name: "scaleSet", label: "Scale set", kind: "set" });
const OTHER = /** @type {Field} */ ({ name: "resource", label: "Another resource", kind: "text", empty: true, whole: true, hint: "Its ARM id, such as a load balancer’s: instead of the scale set." });
const SEVERITIES = /** @type {[string, string][]} */ (["Sev0", "Sev1", "Sev2", "Sev3", "Sev4"].map((name) => [name, name]));
const ERROR = { error: "BadArgumentError", message: "The query could not be carried out: this is rehearsed." };

/** @param {any} values */
const about = ({ scaleSet, resource }) => resource || scaleSet;

/** @type {Said[]} */
export const SAYINGS = [
  { key: "alert", path: "/_sim/alerts", submit: "Fire it", done: "The alert is there.",
    title: "Fire an alert", text: "An alert rule fires, on a scale set or another resource.",
    note: "It stays fired until you resolve it.",
    fields: [SET, { name: "severity", label: "Severity", kind: "select", value: "Sev2", options: SEVERITIES }, OTHER,
      { name: "rule", label: "Rule", kind: "text", value: "errors", whole: true, hint: "A metric alert rule of that name in the same resource group; or the ARM id of any." },
      { name: "after", label: "In how many seconds", kind: "number", value: 0, min: 0, hint: "Of Azure’s time; 0 is now." }],
    fault: (values) => ({ resource: about(values), rule: ruleOf(values), severity: values.severity, after: values.after }) },
  { key: "metric", path: "/_sim/metrics", submit: "Set it", done: "The metric shows that from now on.",
    title: "Set a metric", text: "What it shows each minute: of a resource, or of some instances of a scale set.",
    note: "Set for the first time, it has always been so; set again, it changes from now on.",
    fields: [SET, { name: "name", label: "Metric", kind: "text", value: "Percentage CPU" }, OTHER,
      { name: "value", label: "Value", kind: "number", value: 50, empty: true, hint: "Empty: it has none." },
      { name: "instances", label: "Instances", kind: "ids", empty: true, hint: "Ids, with commas: each has that value (dimension VMName). Empty: the whole." }],
    fault: (values) => series(values) },
  { key: "log", path: "/_sim/logs", submit: "Answer so", done: "Queries are answered so from now on.",
    title: "Answer a query", text: "What a query of logs is answered: a number, nothing, or an error.",
    note: "No query is carried out. Of several answers that fit, the last one counts.",
    fields: [{ name: "answer", label: "Answer", kind: "select", options: [["row", "a row with a number"], ["none", "no row"], ["error", "an error"]] },
      { name: "number", label: "Number", kind: "number", value: 0.2 },
      { name: "column", label: "Column", kind: "text", value: "failed" },
      { name: "query", label: "Part of the query", kind: "text", empty: true, hint: "Empty: every query." },
      { name: "target", label: "Workspace or resource", kind: "text", empty: true, whole: true, hint: "Its id. Empty: whichever is asked." }],
    fault: ({ target, query, ...values }) => ({ target, query, ...(values["answer"] === "error" ? ERROR : { table: tableOf(values) }) }) },
];

/** @param {any} values */
function ruleOf({ rule, ...values }) {
  const group = about(values).match(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i)?.[0];
  return rule.includes("/") || !group ? rule : `${group}/providers/Microsoft.Insights/metricAlerts/${rule}`;
}

/** One for each instance, or one for the whole. @param {any} values */
function series({ name, value, instances, ...values }) {
  const said = { resource: about(values), name, value };
  return instances.length ? instances.map((/** @type {string} */ id) => ({ ...said, dimensions: { VMName: vmOf(id, said.resource) } })) : [said];
}

/** The name of its VM: of an instance of a Flexible set, that is its id. @param {string} id @param {string} resource */
const vmOf = (id, resource) => (/^\d+$/.test(id) ? `${nameOf(resource)}_${id}` : id);

/** @param {any} values */
const tableOf = ({ answer, column, number }) => ({ columns: { [column]: "real" }, rows: answer === "row" ? [[number]] : [] });
