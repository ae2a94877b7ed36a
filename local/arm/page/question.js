// A question that a gate asks: it is answered at its address, as whoever was asked would.
import { ask, el, notice } from "./dom.js";
import { utc } from "./words.js";

/** @typedef {{ at: string, answer: any, status: number | null, body: string }} Answered */
/** @typedef {{ now: () => string, askWhen: (title: string, send: (minutes: number) => Promise<unknown>) => void, after: () => void }} Answering `now`: Azure's */

const MINUTE = 60_000;
const OVER = [202, 404, 409, 410]; // it counts; or none does any more

/** Whether an answer could still count. @param {Answered[]} answers */
export const isOpen = (answers) => !answers.some(({ status }) => status !== null && OVER.includes(status));

/** @param {string} title @param {string} callback @param {Answering} answering */
export function buttons(title, callback, { now, askWhen, after }) {
  /** @param {object} answer */
  const send = (answer) => ask("POST", "/_sim/answers", { callback, answer });
  /** @param {object} answer */
  const click = (answer) => () => send(answer).then((answered) => notice(sentence(answered)), (problem) => notice(problem.message)).then(after);
  const later = () => askWhen(title, (minutes) => send({ verdict: "lookAgain", at: new Date(Date.parse(now()) + minutes * MINUTE).toISOString() }));
  const made = /** @type {[string, () => void][]} */ ([
    ["Pass", click({ verdict: "pass" })], ["Fail", click({ verdict: "fail" })], ["Look again later …", later],
  ]);
  return el("div", { class: "buttons" }, ...made.map(([name, onclick]) =>
    el("button", { type: "button", "data-key": `${name} ${callback}`, "aria-label": `${name}: ${title}`, onclick }, name)));
}

/** @param {Answered} answered */
export function sentence({ at, answer, status, body }) {
  const said = `Answered “${answer.verdict ?? JSON.stringify(answer)}” at ${utc(at).slice(11)}`;
  if (status === null) return `${said}: nobody was there. ${body}`;
  return status === 202 ? `${said}: it counts (202).` : `${said}: refused (${status}). ${detailOf(body)}`;
}

/** @param {string} body */
function detailOf(body) {
  try {
    const { detail, errors = [] } = JSON.parse(body);
    const why = errors.map((/** @type {any} */ error) => `${error.path} ${error.message}.`);
    return [detail ?? body, ...why].join(" ");
  } catch {
    return body;
  }
}
