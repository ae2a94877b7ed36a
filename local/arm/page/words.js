// How images, scale sets, times and instances are said; and which image is meant.

/** @typedef {{ id: string, kind: string, version: string | null, state: string | null, publishedAt: string }} Image */

/** The last part of an ARM id. @param {string} id */
export const nameOf = (id) => id.split("/").pop() ?? id;

/** What all versions of an image share: a URN's beginning, or "golden/web". @param {string} id */
export function familyOf(id) {
  const gallery = id.match(/\/(?:\w*galleries)\/([^/]+)\/images\/([^/]+)/i);
  if (gallery) return `${gallery[1]}/${gallery[2]}`;
  return id.includes("/") ? nameOf(id) : id.split(":").slice(0, 3).join(":");
}

/** @param {string} id a URN, an ARM id, or a URI */
export function versionOf(id) {
  if (/\/versions\//i.test(id)) return nameOf(id);
  return id.includes("/") ? "" : (id.split(":")[3] ?? id);
}

/** @param {string} id */
export const imageName = (id) => [familyOf(id), versionOf(id)].filter(Boolean).join(" ");

/** As ARM refers to it. @param {Image} image @returns {Record<string, string>} */
export function reference(image) {
  if (image.kind === "vhd") return { uri: image.id };
  const [publisher, offer, sku, version] = image.kind === "platform" ? image.id.split(":") : [];
  if (publisher && offer && sku && version) return { publisher, offer, sku, version };
  const field = { sharedGallery: "sharedGalleryImageId", communityGallery: "communityGalleryImageId" }[image.kind];
  return { [field ?? "id"]: image.id };
}

/** One more in its last number. @param {string} version */
export const nextVersion = (version) => version.replace(/\d+$/, (number) => String(BigInt(number) + 1n));

/** "1.0.10" comes after "1.0.9". @param {string} one @param {string} other */
export const byVersion = (one, other) => one.localeCompare(other, "en", { numeric: true });

/** "2026-01-01 12:00:00" @param {string} at */
export const utc = (at) => at.slice(0, 19).replace("T", " ");

/** @param {number} count @param {string} word */
export const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** The row it is in. @param {any} instance */
export function place(instance) {
  const parts = [["zone", instance.zone], ["update domain", instance.updateDomain]];
  if (instance.updateDomain === null) parts.push(["fault domain", instance.faultDomain]);
  return parts.filter(([, number]) => number !== null && number !== undefined).map(([word, number]) => `${word} ${number}`).join(", ") || "all instances";
}
