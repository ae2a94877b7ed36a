// Which screen is shown: the part of the address after "#", so that every screen can be linked to.
import { signal } from "./signal.js";

/** The parts of "#/rollouts/web-1?instance=3": ["rollouts", "web-1"], and { instance: "3" }. */
export const route = signal(read());
addEventListener("hashchange", () => (route.value = read()));

function read() {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decoded), query: Object.fromEntries(new URLSearchParams(query)) };
}

/** A "%" that somebody typed stays as it is. @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {string[]} parts @param {Record<string, string>} [query] @returns {string} for a link */
export function to(parts, query = {}) {
  const asked = new URLSearchParams(query).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${asked ? `?${asked}` : ""}`;
}

/** @param {string[]} parts @param {Record<string, string>} [query] */
export function go(parts, query) {
  location.hash = to(parts, query);
}

/** Change the query without a step back for each change. @param {Record<string, string>} query */
export function note(query) {
  history.replaceState(null, "", to(route.value.parts, query));
  route.value = read();
}
