// The heat map: a row per update domain (zone, placement group), a cell per instance.
import { Component } from "preact";
import { html } from "./html.js";
import { CELLS, HEALTHS, cell } from "./states.js";
import { plain } from "./words.js";

const [DENSE, CROWDED] = [80, 320];

/** Where a row is: "zone 1, update domain 0". @param {{ zone?: string | null, updateDomain?: number | null, faultDomain?: number | null, label?: string }} row */
export function place(row) {
  if (row.label) return row.label;
  const parts = [["zone", row.zone], ["update domain", row.updateDomain], ["fault domain", row.faultDomain]];
  return parts.filter(([, number]) => number !== null && number !== undefined).map(([word, number]) => `${word} ${number}`).join(", ") || "all instances";
}

/** @typedef {import("./check/api").Row & { label?: string }} Shown */

/** A row per placement group, where it has several: each has update domains of its own. A map of many hundreds has no room for sixty rows: there the panel of an instance says its group. @param {Shown[]} rows */
const byPlacementGroup = (rows) => rows.flatMap((row) => {
  const all = row.placementGroups ?? [];
  const groups = [...new Set(all)].sort((one, other) => one - other);
  if (groups.length < 2) return [row];
  return groups.map((group) => {
    const of = (/** @type {ArrayLike<string>} */ them) => all.flatMap((one, at) => (one === group ? [them[at] ?? ""] : []));
    return { ...row, label: `${place(row)}, group ${group}`, instanceIds: of(row.instanceIds), cells: of(row.cells).join(""), health: of(row.health ?? "").join("") };
  });
});

/** Pixels of a row's name: a letter, and the pulse before the one that moves. */
const [LETTER, PULSE] = [8, 28];

/** @param {{ rows: Shown[], chosen: string | null, choose: (id: string) => void, text?: Map<string, string>, look?: typeof cell }} props `look`: what a letter means, if not a state of a rollout */
export function HeatMap({ rows, chosen, choose, text, look = cell }) {
  const total = rows.reduce((sum, row) => sum + row.cells.length, 0);
  const drawn = total > CROWDED ? rows : byPlacementGroup(rows);
  const width = Math.max(...drawn.map((row) => place(row).length)) * LETTER + PULSE;
  return html`<div class="heat ${total > CROWDED ? "crowded" : total > DENSE ? "dense" : ""}" style=${{ "--place": `${width}px` }} onKeyDown=${walk} onPointerOver=${explain} role="group" aria-label="Instances by update domain; arrow keys move, Enter opens">
    ${drawn.map((row, number) => html`<${Row} key=${place(row)} row=${row} cells=${row.cells} health=${row.health} ids=${row.instanceIds.join()} first=${number === 0}
      chosen=${chosen !== null && row.instanceIds.includes(chosen) ? chosen : null} choose=${choose} text=${text} look=${look} />`)}
  </div>`;
}

/** Drawn again only when one of its own cells has changed: a thousand others need not be looked at. */
class Row extends Component {
  /** @param {any} next */
  shouldComponentUpdate(next) {
    return ["cells", "health", "ids", "chosen", "text", "first"].some((name) => next[name] !== this.props[name]);
  }

  render() {
    const { row, first, text, look, ...shown } = /** @type {any} */ (this.props);
    const counted = text || look !== cell;
    const letters = [...row.cells];
    const done = letters.filter((letter) => letter === "d" || letter === "r").length;
    const now = !counted && letters.some((letter) => "ucs".includes(letter));
    return html`<div class="heat-row ${now ? "now" : ""}">
      <span class="place">${place(row)}</span>
      <div class="cells">${letters.map((letter, at) => Cell(letter, row.instanceIds[at] ?? "", row.health?.[at] ?? "", { ...shown, text, look, first: first && at === 0 }))}</div>
      <span class="tally">${counted ? letters.length : `${done} / ${letters.length}`}</span>
    </div>`;
  }
}

/** @param {string} letter @param {string} id @param {string} health @param {any} row */
function Cell(letter, id, health, { chosen, choose, text, look, first }) {
  const { name, label, sign } = look(letter);
  const batch = text?.get(id);
  const said = `instance ${id || "?"}: ${batch ? `batch ${batch}` : label}${HEALTHS[health] ?? ""}`;
  return html`<button type="button" key=${id || undefined} class="cell state-${name} health-${health}" aria-label=${said}
    aria-pressed=${id !== "" && chosen === id} tabIndex=${first || chosen === id ? 0 : -1} onClick=${() => id && choose(id)}>
    ${text ? html`<span class="batch">${batch ?? sign}</span>` : sign}</button>`;
}

/** What a cell is, beside the pointer; a thousand titles nobody reads need not be kept up to date. @param {PointerEvent} event */
function explain(event) {
  const one = /** @type {HTMLElement} */ (event.target).closest?.(".cell");
  one?.setAttribute("title", one.getAttribute("aria-label") ?? "");
}

/** Arrow keys go from cell to cell, as in a grid. @param {KeyboardEvent} event */
function walk(event) {
  const cells = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll(".cell")];
  const at = cells.indexOf(/** @type {Element} */ (event.target));
  if (at < 0) return;
  const rowOf = (/** @type {Element | undefined} */ one) => one?.closest(".heat-row");
  const below = (/** @type {number} */ step) => {
    const rows = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll(".heat-row")];
    const own = [...(rowOf(cells[at])?.querySelectorAll(".cell") ?? [])];
    const other = rows[rows.indexOf(/** @type {Element} */ (rowOf(cells[at]))) + step]?.querySelectorAll(".cell");
    return other?.[Math.min(own.indexOf(/** @type {Element} */ (cells[at])), other.length - 1)];
  };
  const next = { ArrowRight: cells[at + 1], ArrowLeft: cells[at - 1], ArrowDown: below(1), ArrowUp: below(-1), Home: cells[0], End: cells.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (next).focus();
}

/** What the signs mean, of those that are there, and the marks of health. @param {{ cells: string, marks: boolean }} props */
export function Key({ cells, marks }) {
  const there = Object.keys(CELLS).filter((letter) => cells.includes(letter));
  return html`<ul class="key">${there.map((letter) => html`<li key=${letter} title=${plain(cell(letter).means)}>
    <span class="cell state-${cell(letter).name}" aria-hidden="true">${cell(letter).sign}</span>${cell(letter).label}</li>`)}
    ${marks ? [["u", "unhealthy"], ["n", "health not known"]].map(([mark, label]) => html`<li key=${label}><span class="cell state-pending health-${mark}" aria-hidden="true"></span>${label}</li>`) : null}</ul>`;
}
