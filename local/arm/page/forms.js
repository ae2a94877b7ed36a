// The forms: a fault of the menu, what Azure Monitor says, an image version, a scale set, when to look again.
import { ask } from "./dom.js";
import { choice } from "./fault_menu.js";
import { waiting } from "./fields.js";
import { openForm } from "./form_dialog.js";
import { byVersion, familyOf, nextVersion, reference, versionOf } from "./words.js";

/** @typedef {import("./fields.js").Seen} Seen */
/** @typedef {import("./words.js").Image} Image */

const NEW_FAMILY = "new";

/** @param {string} key of the menu @param {Seen} seen @param {() => void} after @param {Record<string, any>} [given] by field */
export function faultForm(key, seen, after, given) {
  const chosen = choice(key);
  menuForm({ ...chosen, path: "/_sim/faults", submit: "Let it happen", done: `${chosen.title}: it is so from now on.` }, seen, after, given);
}

/** What a menu offers: all that its form declares is sent to its control.
 * @param {import("./monitor_menu.js").Said} chosen @param {Seen} seen @param {() => void} after @param {Record<string, any>} [given] by field */
export function menuForm({ title, text, note, fields, fault, path, submit, done }, seen, after, given = {}) {
  const first = seen.scaleSets[0];
  const usual = { image: waiting(seen), scaleSet: first?.id, instanceIds: first?.instances[0]?.instanceId, ...given };
  const filled = fields.map((field) => {
    const value = field.any ? given[field.name] : usual[/** @type {keyof typeof usual} */ (field.name)];
    return value === undefined ? field : { ...field, value };
  });
  openForm({
    title, text, note, fields: filled, submit, done,
    send: async (values) => {
      for (const declared of [fault(values)].flat()) await ask("POST", path, declared);
    },
  }, seen, after);
}

/** @param {Seen} seen @param {() => void} after */
export function imageForm(seen, after) {
  const families = familiesOf(seen.images);
  const options = /** @type {[string, string][]} */ ([...families.keys()].map((family) => [family, family]));
  openForm({
    title: "Publish an image", text: "A new version comes out. Who follows the image is told of it by Event Grid.",
    fields: [
      { name: "family", label: "Of which image", kind: "select", options: [...options, [NEW_FAMILY, "a new gallery image …"]], whole: true,
        changed: (form) => proposeVersion(form, families) },
      { name: "gallery", label: "Gallery", kind: "text", value: "golden" },
      { name: "image", label: "Image", kind: "text", value: "api" },
      { name: "version", label: "Version", kind: "text", whole: true },
    ],
    submit: "Publish", done: "The image is published.", shown: (form) => proposeVersion(form, families),
    send: (values) => ask("POST", "/_sim/images", published(values, families)),
  }, seen, after);
}

/** By what is new to the image, the version and whether it needs a name. @param {HTMLFormElement} form @param {Map<string, Image[]>} families */
function proposeVersion(form, families) {
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const newest = families.get(field("family").value)?.at(-1);
  for (const name of ["gallery", "image"]) {
    const label = field(name).closest("label");
    if (label) label.hidden = newest !== undefined;
  }
  field("version").value = newest ? nextVersion(versionOf(newest.id)) : "1.0.0";
}

/** Those that versions can be published of, each with its versions in order. @param {Image[]} images @returns {Map<string, Image[]>} */
export function familiesOf(images) {
  const listed = images.filter((image) => ["platform", "gallery"].includes(image.kind));
  const groups = Map.groupBy(listed, (image) => familyOf(image.id));
  for (const versions of groups.values()) versions.sort((one, other) => byVersion(versionOf(one.id), versionOf(other.id)));
  return groups;
}

/** @param {Record<string, any>} values @param {Map<string, Image[]>} families */
function published({ family, gallery, image, version }, families) {
  const newest = families.get(family)?.at(-1);
  if (!newest) return { gallery, image, version };
  if (newest.kind === "platform") return { ...reference(newest), version };
  const [, subscription, resourceGroup, ofGallery, ofImage] = newest.id.match(
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*\/galleries\/([^/]+)\/images\/([^/]+)\//i) ?? [];
  return { subscription, resourceGroup, gallery: ofGallery, image: ofImage, version };
}

/** @param {Seen} seen @param {() => void} after */
export function scaleSetForm(seen, after) {
  openForm({
    title: "New scale set", text: "It is there at once, up and healthy.",
    fields: [
      { name: "name", label: "Name", kind: "text", value: freeName(seen) },
      { name: "capacity", label: "Instances", kind: "number", value: 20, min: 0, max: 1000 },
      { name: "updateDomains", label: "Update domains", kind: "number", value: 5, min: 1, max: 20, empty: true, hint: "A Flexible one has none." },
      { name: "zones", label: "Zones", kind: "select", options: [["", "none"], ["1", "1"], ["1,2", "1 and 2"], ["1,2,3", "1, 2 and 3"]] },
      { name: "orchestrationMode", label: "Kind", kind: "select", options: [["Uniform", "Uniform"], ["Flexible", "Flexible"]], changed: withoutDomains },
      { name: "health", label: "Reports health", kind: "select", options: [["application", "yes"], ["none", "no"]] },
      { name: "image", label: "Image", kind: "image", value: seen.scaleSets[0]?.image },
    ],
    submit: "Make it", done: "The scale set is there.",
    send: (values) => ask("POST", "/_sim/scale-sets", specOf(values)),
  }, seen, after);
}

/** @param {HTMLFormElement} form */
function withoutDomains(form) {
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const flexible = field("orchestrationMode").value === "Flexible";
  field("updateDomains").disabled = flexible;
  field("updateDomains").value = flexible ? "" : "5";
}

/** @param {Record<string, any>} values */
function specOf({ zones, image, updateDomains, ...values }) {
  return {
    ...values, zones: zones ? zones.split(",") : [], ...(updateDomains === null ? {} : { updateDomains }), ...(image ? { image: reference(image) } : {}),
  };
}

/** @param {Seen} seen */
function freeName(seen) {
  const taken = new Set(seen.scaleSets.map((set) => set.name.toLowerCase()));
  for (let number = 1; ; number += 1) if (!taken.has(`mine-${number}`)) return `mine-${number}`;
}

/** @param {string} title of the question @param {(minutes: number) => Promise<unknown>} send @param {Seen} seen @param {() => void} after */
export function laterForm(title, send, seen, after) {
  openForm({
    title: "Look again later", text: `It is not known yet. Asked anew then: ${title}.`,
    fields: [{ name: "minutes", label: "In how many minutes", kind: "number", value: 10, min: 1, whole: true, hint: "Of Azure’s time." }],
    submit: "Answer", done: "Answered: look again later.", send: (values) => send(values["minutes"]),
  }, seen, after);
}
