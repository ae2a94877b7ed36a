// The menu: what can go wrong, in plain words, the most useful first. `fault` makes of a form's values what is declared.
import { reference } from "./words.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {any} Values what a form holds, by the name of its field */
/** @typedef {{ key: string, title: string, text: string, note?: string, fields: Field[], fault: (values: Values) => any }} Choice */

const ANY_SET = /** @type {Field} */ ({ name: "scaleSet", label: "Scale set", kind: "set", any: "all scale sets" });
const ONE_SET = /** @type {Field} */ ({ name: "scaleSet", label: "Scale set", kind: "set" });
const INSTANCES = /** @type {Field} */ ({ name: "instanceIds", label: "Instances", kind: "ids", hint: "Ids, with commas. Or click a cell." });
const LATER = /** @type {Field} */ ({ name: "after", label: "In how many seconds", kind: "number", value: 0, min: 0, hint: "Of Azure's time; 0 is now." });
const TIMES = /** @type {Field} */ ({ name: "count", label: "How many requests", kind: "number", value: 5, min: 1, empty: true, hint: "Empty: until you take it away." });
const WHICH = /** @type {Field} */ ({ name: "which", label: "Which requests", kind: "select", options: [
  ["all", "all"], ["reads", "reads (GET)"], ["upgrades", "upgrades of instances"], ["model", "changes of the model"],
] });

/** @type {Record<string, object>} */
const REQUESTS = {
  all: {}, reads: { method: "GET" }, upgrades: { method: "POST", path: "/manualupgrade" }, model: { method: "PATCH" },
};
export const DAY = 86400;
const MONTH = 30 * DAY;
const PREEMPTED = { code: "OperationPreempted", message: "The operation was preempted by a more recent operation." };

/** @param {Values} values */
const hit = (values) => ({ ...REQUESTS[values.which ?? "all"], ...often(values), ...ofSet(values) });
/** @param {Values} values */
const often = ({ count }) => (count === null ? { rate: 1 } : { count });
/** @param {Values} values */
const ofSet = ({ scaleSet }) => (scaleSet ? { scaleSet } : {});
/** @param {Values} values */
const named = ({ scaleSet, instanceIds }) => ({ scaleSet, instanceIds });

/** @type {[string, boolean, Choice[]][]} a group's title, whether it is open at first, its choices */
export const MENU = [
  ["Images and upgrades", true, [
    { key: "badImage", title: "Bad image", text: "Instances that get this image boot, but never become healthy.",
      fields: [{ name: "image", label: "Image", kind: "image" }, ANY_SET,
        { name: "after", label: "Healthy at first, for seconds", kind: "number", min: 0, empty: true, hint: "Empty: never healthy." }],
      fault: (values) => ({ kind: "badImage", id: values.image.id, ...ofSet(values), ...(values.after === null ? {} : { after: values.after }) }) },
    { key: "upgradeFails", title: "Upgrade fails", text: "Azure cannot provision these instances: their upgrade ends as Failed, with a reason.",
      fields: [ONE_SET, INSTANCES], fault: (values) => ({ kind: "upgradeFails", ...named(values) }) },
    { key: "slowBoot", title: "Slow upgrade", text: "Instances that are upgraded from now on take many times longer to boot.",
      fields: [ANY_SET, { name: "factor", label: "Times longer", kind: "number", value: 10, min: 1 }],
      fault: (values) => ({ kind: "slowBoot", factor: values.factor, ...ofSet(values) }) },
    { key: "stuck", title: "Stuck instance", text: "After its next upgrade it boots for a day: neither healthy, nor failed.",
      note: "What boots already goes on booting when the fault is taken away.",
      fields: [ONE_SET, INSTANCES], fault: (values) => ({ kind: "slowBoot", seconds: DAY, ...named(values) }) },
    { key: "preempted", title: "Operation preempted", text: "Azure says that another operation has pushed an upgrade aside: it ends as Failed.",
      fields: [{ ...TIMES, label: "How many answers", value: 1 }],
      fault: (values) => ({ kind: "rewrite", path: "/operations/", status: 200, body: { status: "Failed", error: PREEMPTED }, ...often(values) }) },
  ]],
  ["Instances", true, [
    { key: "flapping", title: "Sick instance", text: "It runs, but says that it is unhealthy: all the time, or on and off.",
      fields: [ONE_SET, INSTANCES, { name: "period", label: "Sick and well in turn, seconds each", kind: "number", min: 1, empty: true, hint: "Empty: sick all the time." }],
      fault: (values) => ({ kind: "flapping", period: values.period ?? MONTH, ...named(values) }) },
    { key: "instanceStops", title: "Stopped or evicted", text: "Somebody stops it; or it is deallocated, as a Spot VM that Azure evicts.",
      note: "Nobody starts it again.",
      fields: [ONE_SET, INSTANCES, { name: "how", label: "What happens to it", kind: "select", options: [["stopped", "stopped"], ["deallocated", "deallocated (evicted)"]] }, LATER],
      fault: (values) => ({ kind: "instanceStops", deallocated: values.how === "deallocated", after: values.after, ...named(values) }) },
    { key: "instanceVanishes", title: "Deleted", text: "Somebody deletes it, or scales in: it is not there any more.",
      fields: [ONE_SET, INSTANCES, LATER], fault: (values) => ({ kind: "instanceVanishes", after: values.after, ...named(values) }) },
    { key: "instanceStuck", title: "Operation that hangs", text: "Somebody creates, updates or deletes it, and that never ends.",
      fields: [ONE_SET, INSTANCES, { name: "state", label: "What it shows", kind: "select", value: "Updating", options: [["Creating", "Creating"], ["Updating", "Updating"], ["Deleting", "Deleting"]] }, LATER],
      fault: (values) => ({ kind: "instanceStuck", state: values.state, after: values.after, ...named(values) }) },
    { key: "scaleOut", title: "New instances", text: "The autoscaler adds instances, on the image of the model.",
      fields: [ONE_SET, { name: "count", label: "How many", kind: "number", value: 2, min: 1 }, LATER],
      fault: ({ scaleSet, count, after }) => ({ kind: "scaleOut", scaleSet, count, after }) },
  ]],
  ["Azure's answers", false, [
    { key: "throttle", title: "Throttled (429)", text: "Too many requests: Azure refuses some, and says how long to wait.",
      fields: [WHICH, TIMES, { name: "retryAfter", label: "Wait, seconds", kind: "number", value: 30, min: 0 }, ANY_SET],
      fault: (values) => ({ kind: "throttle", retryAfter: values.retryAfter, ...hit(values) }) },
    { key: "serverError", title: "Errors (500, 503)", text: "Azure answers with an error, and has perhaps done it all the same.",
      fields: [WHICH, TIMES, { name: "status", label: "Error", kind: "select", options: [["503", "503 unavailable"], ["500", "500 internal error"]] }, ANY_SET,
        { name: "after", label: "although it is carried out", kind: "check" }],
      fault: (values) => ({ kind: "serverError", status: Number(values.status), after: values.after, ...hit(values) }) },
    { key: "outage", title: "Outage", text: "Azure answers every request with 503, until you take it away. Machines run on.",
      fields: [ANY_SET], fault: (values) => ({ kind: "serverError", status: 503, rate: 1, ...ofSet(values) }) },
    { key: "dropConnection", title: "Lost answers", text: "The request is carried out, but its answer never arrives.",
      fields: [{ ...WHICH, value: "upgrades" }, { ...TIMES, value: 1 }, ANY_SET],
      fault: (values) => ({ kind: "dropConnection", after: true, ...hit(values) }) },
    { key: "denied", title: "Right or sign-in lost (403, 401)", text: "Somebody takes the app's role away; or its token has expired.",
      fields: [WHICH, TIMES, { name: "status", label: "What is missing", kind: "select", options: [["403", "the right (403)"], ["401", "the token (401)"]] }, ANY_SET],
      fault: (values) => ({ kind: "denied", status: Number(values.status), ...hit(values) }) },
    { key: "conflict", title: "Conflict (409)", text: "Another operation runs: what would change something is refused.",
      fields: [TIMES, ANY_SET], fault: (values) => ({ kind: "conflict", ...hit(values) }) },
  ]],
  ["Others at work", false, [
    { key: "foreignWrite", title: "Somebody changes the model", text: "A colleague or a pipeline puts another image into the model meanwhile.",
      fields: [ONE_SET, { name: "image", label: "Image", kind: "image" }, LATER],
      fault: ({ scaleSet, image, after }) => ({ kind: "foreignWrite", scaleSet, image: reference(image), after }) },
    { key: "duplicateEvents", title: "Events twice", text: "Event Grid tells of the next images twice.",
      fields: [{ name: "times", label: "How many events", kind: "number", value: 1, min: 1 }],
      fault: ({ times }) => ({ kind: "duplicateEvents", times }) },
    { key: "delayEvents", title: "Events late", text: "Event Grid tells of the next images later, so that others overtake them.",
      fields: [{ name: "times", label: "How many events", kind: "number", value: 1, min: 1 }, { name: "delay", label: "Late by seconds", kind: "number", value: 300, min: 0 }],
      fault: ({ times, delay }) => ({ kind: "delayEvents", times, delay }) },
  ]],
];

/** @param {string} key @returns {Choice} */
export const choice = (key) => /** @type {Choice} */ (MENU.flatMap(([, , choices]) => choices).find((one) => one.key === key));
