// How an instance looks: a colour, and a sign of its own for each state.

/** @typedef {{ name: string, sign: string, label: string }} State */

/** @type {Record<string, State>} */
export const STATES = {
  model: { name: "model", sign: "✓", label: "healthy, on the model's image" },
  other: { name: "other", sign: "·", label: "healthy, on another image" },
  upgrading: { name: "upgrading", sign: "↑", label: "gets an image" },
  booting: { name: "booting", sign: "?", label: "boots" },
  unhealthy: { name: "unhealthy", sign: "!", label: "unhealthy" },
  failed: { name: "failed", sign: "✗", label: "provisioning failed" },
  off: { name: "off", sign: "○", label: "stopped or deallocated" },
};

/** @param {any} instance @param {string} model the image of the scale set's model @returns {State} */
export function stateOf(instance, model) {
  return /** @type {State} */ (STATES[nameOf(instance, model)]);
}

/** @param {any} instance @param {string} model */
function nameOf(instance, model) {
  if (["Updating", "Creating"].includes(instance.provisioning)) return "upgrading";
  if (["stopped", "deallocated"].includes(instance.power)) return "off";
  if (instance.provisioning === "Failed") return "failed";
  if (instance.upgrading || instance.health === "initializing") return "booting";
  if (instance.health === "unhealthy") return "unhealthy";
  return instance.image === model ? "model" : "other";
}

/** @param {any} instance @param {State} state */
export function sentence(instance, state) {
  const what = state.name === "off" ? instance.power : state.label;
  const more = instance.protected ? ", protected" : "";
  return `instance ${instance.instanceId}: ${what}${more}`;
}
