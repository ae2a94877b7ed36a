// What has just been done, said once at the foot of the page.
import { signal } from "@preact/signals";
import { html } from "./html.js";

const SECONDS = 8;
const notice = signal("");
let timer = 0;

/** @param {string} text */
export function tell(text) {
  notice.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => (notice.value = ""), SECONDS * 1000);
}

export const Notices = () => html`<div class="notices" role="status">${notice.value ? html`<p>${notice.value}</p>` : null}</div>`;
