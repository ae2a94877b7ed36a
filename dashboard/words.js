// How values of the API are said: images, names, times, durations, counts.

/** @typedef {import("./check/api").AnyImage} Image */

/** The last part of an ARM id. @param {string | null | undefined} id */
export const nameOf = (id) => (id ?? "").replace(/\/+$/, "").split("/").pop() ?? "";

/** @param {string} id an ARM id */
export const groupOf = (id) => id.match(/\/resourceGroups\/([^/]+)/i)?.[1] ?? "";

/** One's own gallery, a shared one, or the community's. */
const GALLERY_IMAGE = /galleries\/([^/]+)\/images\/([^/]+)(\/versions\/([^/]+))?/i;

/** Without what can be left out: "golden / web 1.0.1", "jammy 22.04.1". @param {Image | null | undefined} image */
export function imageName(image) {
  if (!image) return "";
  if (image.uri) return nameOf(image.uri);
  if (!image.id) return [image.publisher, image.offer, image.sku, image.version].filter(Boolean).join(":");
  const [, gallery, name, , version] = image.id.match(GALLERY_IMAGE) ?? [];
  return gallery ? `${gallery}/${name}${version ? ` ${version}` : ""}` : nameOf(image.id);
}

/** Without the address before the name of a scale set: who reads it knows which. @param {string | null | undefined} text */
export const shortened = (text) => (text ?? "").replace(/\/subscriptions\/[^\s]*?\/virtualMachineScaleSets\/(?=[\w])/gi, "");

/** Only what tells it from others of its kind: the version. @param {Image | null | undefined} image */
export function versionName(image) {
  if (!image) return "";
  if (image.version) return image.version;
  return image.id && /\/versions\//i.test(image.id) ? nameOf(image.id) : imageName(image);
}

/** What both have in common is said once. @param {{ from?: Image | null, to?: Image | null } | null | undefined} change */
export function imageChange(change) {
  const [before, after] = [imageName(change?.from), imageName(change?.to)];
  if (!before || !after) return { family: "", from: before, to: after };
  const [own, other] = [familyOf(before), familyOf(after)];
  if (own && own === other) return { family: own, from: versionName(change?.from), to: versionName(change?.to) };
  return { family: "", from: before, to: after };
}

/** @param {string} name */
function familyOf(name) {
  const cut = Math.max(name.lastIndexOf(":"), name.lastIndexOf(" "));
  return cut < 0 ? "" : name.slice(0, cut);
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const MINUTE = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** Local time, with the day unless it is today: "14:32:05", "3 Mar, 14:32:05". @param {string} at RFC 3339 @param {boolean} short without seconds */
export function localTime(at, short = false) {
  const time = new Date(at);
  const clock = (short ? MINUTE : CLOCK).format(time);
  return time.toDateString() === new Date().toDateString() ? clock : `${DAY.format(time)}, ${clock}`;
}

/** In a time zone, named: "Tue 22:00 Europe/Berlin"; "" without one, or where local time is the same. @param {string} at RFC 3339 @param {string} timeZone */
export function zonedTime(at, timeZone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const shown = (/** @type {string | undefined} */ zone) => new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone }).format(new Date(at)).replace(",", "");
  try {
    return timeZone && shown(timeZone) !== shown(undefined) ? `${shown(timeZone)} ${timeZone}` : "";
  } catch {
    return "";
  }
}

/** @param {string} at RFC 3339 */
export const universalTime = (at) => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** ISO 8601 in seconds: "PT1H30M" is 5400. @param {string} duration */
export function seconds(duration) {
  const found = duration.match(/^P(?:(\d+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/);
  if (!found) return NaN;
  const [days, hours, minutes, rest] = found.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (rest ?? 0);
}

/** Its two largest units: "1 h 30 min", "45 s". @param {number} count seconds */
export function spoken(count) {
  const left = Math.max(0, Math.round(count));
  const parts = /** @type {[number, string][]} */ ([
    [Math.floor(left / 86400), "d"], [Math.floor(left / 3600) % 24, "h"], [Math.floor(left / 60) % 60, "min"], [left % 60, "s"],
  ]);
  const first = parts.findIndex(([number]) => number > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([number]) => number > 0).map(([number, unit]) => `${number} ${unit}`).join(" ");
}

/** @param {string} from @param {string} until RFC 3339 @returns {number} seconds */
export const between = (from, until) => (Date.parse(until) - Date.parse(from)) / 1000;

/** @param {number} number @param {string} word */
export const many = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

/** "updateDomain" as people write it: "update domain". @param {string} name */
export const plain = (name) => name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
