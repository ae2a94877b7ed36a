// What the boxes of the receiver answer, in words; and the form that says so.
import { ask, byId } from "./dom.js";
import { openForm } from "./form_dialog.js";
import { drawLines } from "./list.js";
import { many } from "./words.js";

/** @typedef {{ box: string, status: number, body: any, delay: number, count: number | null, answer: any, after: number }} BoxAnswer */

/** @param {BoxAnswer[]} answers @param {() => void} after */
export function drawAnswers(answers, after) {
  byId("answers").hidden = !answers.length;
  drawLines(byId("answers"), answers.map(line), "", after);
}

/** @param {BoxAnswer} said @returns {import("./list.js").Line} */
function line({ box, status, body, delay, count, answer, after }) {
  const content = body === null ? "" : ` ${typeof body === "string" ? body : JSON.stringify(body)}`;
  const question = answer && `a question: ${answer.verdict ? `“${answer.verdict}”` : JSON.stringify(answer)}${after ? `, ${after} s later` : ""}`;
  const text = [delay && `after ${delay} s`, count && many(count, "time"), question].filter(Boolean).join(", ");
  return { key: box, title: `${box} answers ${status}${content}`, text, look: "calm", button: "Take it away", label: box,
    away: [`/_sim/answers/${encodeURIComponent(box)}`], done: `${box} answers 200 again.` };
}

/** @param {import("./fields.js").Seen} seen @param {() => void} after */
export function answerForm(seen, after) {
  openForm({
    title: "Say what a box answers", text: "To hooks, news, and gates that ask it: until you take it away.",
    fields: [
      { name: "box", label: "Box", kind: "text", value: "suite", hint: "The name after /_sim/received/." },
      { name: "status", label: "Status", kind: "number", value: 200, min: 200, max: 599 },
      { name: "body", label: "Body", kind: "text", empty: true, whole: true, hint: 'JSON, such as {"errorRate": 0.2}; anything else is sent as it is.' },
      { name: "delay", label: "Answers after so many seconds", kind: "number", value: 0, min: 0, max: 600, hint: "Of this machine’s own clock." },
      { name: "count", label: "How many times", kind: "number", min: 1, empty: true, hint: "Empty: always." },
      { name: "verdict", label: "Answers a question", kind: "select", options: [["", "not by itself"], ["pass", "pass"], ["fail", "fail"]] },
      { name: "after", label: "In how many seconds", kind: "number", value: 0, min: 0, max: 86400, hint: "Of Azure’s time; 0 is at once." },
    ],
    submit: "Answer so", done: "It answers so from now on.",
    send: ({ box, verdict, body, ...said }) => ask("PUT", `/_sim/received/${encodeURIComponent(box)}`,
      { ...said, body: bodyOf(body), answer: verdict ? { verdict } : null }),
  }, seen, after);
}

/** @param {string} text */
function bodyOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text || null;
  }
}
