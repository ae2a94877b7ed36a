// A scale set as it truly is: a row per update domain, a cell per instance.
import { el, say } from "./dom.js";
import { sentence, stateOf } from "./states.js";
import { familyOf, imageName, many, place, versionOf } from "./words.js";

const [DENSE, CROWDED] = [80, 320];
const SHOWN = 5;
const ON_ONE = /** @type {[string, string][]} */ ([
  ["flapping", "Make it sick"], ["upgradeFails", "Fail its next upgrade"], ["stuck", "Let it get stuck"], ["instanceStops", "Stop it"], ["instanceVanishes", "Delete it"],
]);

/** Draws again only what has changed: a thousand cells stay as they are. */
export class ScaleSetCard {
  /** @param {(key: string, given: Record<string, any>) => void} rehearse opens a fault's form */
  constructor(rehearse) {
    this.rehearse = rehearse;
    this.name = el("h3");
    this.where = el("span", { class: "soft small" });
    this.model = el("p", { class: "model" });
    this.heat = el("div", { class: "heat", role: "group", onkeydown: walk });
    this.facts = el("p", { class: "facts" });
    this.violations = el("div", { class: "violations", hidden: true });
    this.one = el("div", { class: "one", hidden: true });
    this.element = el("article", { class: "card set" },
      el("div", { class: "set-head" }, this.name, this.where), this.model, this.heat, this.one, this.facts, this.violations);
    /** @type {Map<string, HTMLButtonElement>} */
    this.cells = new Map();
    /** @type {Map<string, { row: HTMLElement, tally: HTMLElement }>} */
    this.rows = new Map();
    /** @type {string | null} */
    this.chosen = null;
    this.layout = "";
    this.drawn = "";
    /** @type {any} */
    this.truth = null;
  }

  /** @param {any} truth */
  update(truth) {
    const text = JSON.stringify(truth);
    if (text === this.drawn) return;
    this.drawn = text;
    this.truth = truth;
    say(this.name, truth.name);
    say(this.where, [truth.resourceGroup, truth.location, many(truth.capacity, "instance"), `upgrade policy ${truth.upgradePolicy}`].join(" · "));
    const layout = truth.instances.map((/** @type {any} */ one) => `${one.instanceId}@${place(one)}`).join();
    if (layout !== this.layout) this.#lay(truth, layout);
    this.#paint(truth);
    this.#drawModel(truth);
    this.#drawFacts(truth);
    this.#drawOne();
  }

  /** The rows anew: instances have come or gone. @param {any} truth @param {string} layout */
  #lay(truth, layout) {
    this.layout = layout;
    this.cells.clear();
    this.rows.clear();
    const focused = this.heat.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset["id"] : undefined;
    const zones = [...Map.groupBy(truth.instances, (/** @type {any} */ one) => one.zone)].sort(inOrder);
    this.heat.replaceChildren(...zones.map(([, instances]) => el("div", { class: "zone" }, ...this.#rowsOf(instances))));
    this.heat.className = `heat ${truth.capacity > CROWDED ? "crowded" : truth.capacity > DENSE ? "dense" : ""}`;
    this.heat.setAttribute("aria-label", `Instances of ${truth.name}; arrow keys move, Enter opens`);
    const first = this.heat.querySelector("button");
    if (first) first.tabIndex = 0;
    if (focused !== undefined) (this.cells.get(focused) ?? first)?.focus();
  }

  /** @param {any[]} instances */
  #rowsOf(instances) {
    const rows = [...Map.groupBy(instances, place)].sort(inOrder);
    return rows.map(([where, ones]) => this.#row(where, ones));
  }

  /** @param {string} where @param {any[]} instances */
  #row(where, instances) {
    const tally = el("span", { class: "tally", title: "on the model's image and healthy" });
    const cells = instances.map(({ instanceId }) => {
      const cell = el("button", { type: "button", tabindex: -1, "data-id": instanceId, "aria-pressed": "false", onclick: () => this.#choose(instanceId) });
      this.cells.set(instanceId, cell);
      return cell;
    });
    const row = el("div", { class: "heat-row" }, el("span", { class: "place" }, where), el("div", { class: "cells" }, ...cells), tally);
    this.rows.set(where, { row, tally });
    return row;
  }

  /** @param {any} truth */
  #paint(truth) {
    /** @type {Map<string, string[]>} */
    const states = new Map();
    for (const instance of truth.instances) {
      const state = stateOf(instance, truth.image);
      const cell = /** @type {HTMLButtonElement} */ (this.cells.get(instance.instanceId));
      const said = sentence(instance, state);
      if (cell.title !== said) {
        cell.className = `cell is-${state.name}`;
        cell.textContent = state.sign;
        cell.title = said;
        cell.setAttribute("aria-label", said);
      }
      const where = place(instance);
      states.set(where, [...(states.get(where) ?? []), state.name]);
    }
    for (const [where, { row, tally }] of this.rows) {
      const names = states.get(where) ?? [];
      say(tally, `${names.filter((name) => name === "model").length} / ${names.length}`);
      row.classList.toggle("now", names.some((name) => ["upgrading", "booting"].includes(name)));
    }
  }

  /** @param {any} truth */
  #drawModel(truth) {
    const counts = Map.groupBy(truth.instances, (/** @type {any} */ one) => one.image);
    const others = [...counts].filter(([image]) => image !== truth.image).map(([image, ones]) => `${ones.length} on ${shortly(image, truth.image)}`);
    const own = counts.get(truth.image)?.length ?? 0;
    this.model.replaceChildren("Model: ", el("strong", {}, imageName(truth.image)), ` · ${[`${own} on it`, ...others].join(" · ")}`);
  }

  /** @param {any} truth */
  #drawFacts(truth) {
    const upgrades = truth.instances.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.upgrades, 0);
    const down = truth.instances.filter((/** @type {any} */ one) => one.down).length;
    this.facts.replaceChildren(
      el("span", { class: `badge ${down ? "waits" : ""}` }, `${down} down now, at most ${truth.peakDown} at once`),
      el("span", { class: "badge" }, `${many(upgrades, "upgrade")} so far`),
      truth.automaticRepairs ? el("span", { class: "badge" }, `automatic repairs: ${truth.automaticRepairs}`) : "",
      truth.violations.length ? el("span", { class: "badge bad" }, many(truth.violations.length, "violation")) : el("span", { class: "badge good" }, "✓ no rule broken"));
    this.violations.hidden = truth.violations.length === 0;
    const more = truth.violations.length - SHOWN;
    this.violations.replaceChildren(el("strong", {}, "What must never happen has happened"),
      el("ul", {}, ...truth.violations.slice(0, SHOWN).map((/** @type {string} */ one) => el("li", { class: "small" }, one))),
      more > 0 ? el("p", { class: "small" }, `and ${more} more`) : "");
  }

  /** @param {string} id */
  #choose(id) {
    this.chosen = this.chosen === id ? null : id;
    for (const cell of this.cells.values()) cell.tabIndex = -1;
    const cell = this.cells.get(id);
    if (cell) cell.tabIndex = 0;
    this.#drawOne();
  }

  /** What the chosen instance is, and what can befall it. */
  #drawOne() {
    const instance = this.truth.instances.find((/** @type {any} */ one) => one.instanceId === this.chosen);
    for (const [id, cell] of this.cells) cell.setAttribute("aria-pressed", String(id === this.chosen && instance !== undefined));
    this.one.hidden = instance === undefined;
    if (!instance) return;
    const { instanceId } = instance;
    const said = [`health ${instance.health}`, `power ${instance.power}`, `provisioning ${instance.provisioning}`, many(instance.upgrades, "upgrade")];
    if (this.one.dataset["of"] !== instanceId || !this.one.childElementCount) {
      this.one.dataset["of"] = instanceId;
      this.one.replaceChildren(el("div", {}, el("strong"), el("p", { class: "small" })), el("div", { class: "buttons" },
        ...ON_ONE.map(([key, label]) => el("button", { type: "button", onclick: () => this.rehearse(key, { scaleSet: this.truth.id, instanceIds: instanceId }) }, label))));
    }
    say(/** @type {Element} */ (this.one.querySelector("strong")), `Instance ${instanceId}, ${place(instance)}${instance.protected ? ", protected" : ""}`);
    say(/** @type {Element} */ (this.one.querySelector("p")), [imageName(instance.image), ...said].join(" · "));
  }
}

/** @param {[any, any]} one @param {[any, any]} other */
const inOrder = ([one], [other]) => String(one).localeCompare(String(other), "en", { numeric: true });

/** What both images have in common is said once. @param {string} image @param {string} beside */
const shortly = (image, beside) => (familyOf(image) === familyOf(beside) && versionOf(image) ? versionOf(image) : imageName(image));

/** Arrow keys go from cell to cell, as in a grid. @param {KeyboardEvent} event */
function walk(event) {
  const heat = /** @type {HTMLElement} */ (event.currentTarget);
  const rows = [...heat.querySelectorAll(".heat-row")].map((row) => /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".cell")]));
  const all = rows.flat();
  const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
  if (at < 0) return;
  const row = rows.findIndex((cells) => cells.includes(/** @type {HTMLElement} */ (event.target)));
  const column = rows[row]?.indexOf(/** @type {HTMLElement} */ (event.target)) ?? 0;
  const beside = (/** @type {number} */ step) => rows[row + step]?.[Math.min(column, (rows[row + step]?.length ?? 1) - 1)];
  const next = { ArrowRight: all[at + 1], ArrowLeft: all[at - 1], ArrowDown: beside(1), ArrowUp: beside(-1), Home: all[0], End: all.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
