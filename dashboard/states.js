// How states and phases look: the one table. Each has a sign of its own, so colour is never alone.

/** @typedef {{ name: string, label: string, sign: string, means: string }} State */

/** @type {Record<string, State>} by the API's letter */
export const CELLS = {
  f: { name: "failed", label: "failed", sign: "✗", means: "did not become healthy on the new image" },
  u: { name: "upgrading", label: "upgrading", sign: "↑", means: "Azure is putting the image on it" },
  c: { name: "checking", label: "checking", sign: "?", means: "runs the image; not healthy yet" },
  s: { name: "settling", label: "settling", sign: "≈", means: "healthy, but not for long enough yet" },
  d: { name: "done", label: "done", sign: "✓", means: "runs the image and stayed healthy" },
  p: { name: "pending", label: "pending", sign: "·", means: "not begun" },
  r: { name: "rolledBack", label: "rolled back", sign: "↶", means: "runs the image it had before" },
  k: { name: "skipped", label: "skipped", sign: "/", means: "left alone" },
  g: { name: "gone", label: "gone", sign: "∅", means: "not there any more" },
  a: { name: "aborted", label: "aborted", sign: "■", means: "ended where it stood" },
};

/** What is said of the health of an instance, by the API's letter; the map marks those that are not healthy. @type {Record<string, string>} */
export const HEALTHS = { h: ", healthy", u: ", unhealthy", i: ", initializing", n: ", no health reported" };

/** A letter of a later version is shown as it is. @param {string} letter @returns {State} */
export const cell = (letter) => CELLS[letter] ?? { name: "pending", label: letter, sign: letter, means: "a state this page does not know" };

/** The order in which a bar shows its parts: what has been reached first. */
const ALONG_A_BAR = ["d", "s", "c", "u", "f", "a", "r", "k", "g", "p"];

/** How many cells are in which state. @param {string} cells @returns {[string, number][]} */
export function tally(cells) {
  const counts = new Map();
  for (const letter of cells) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const rank = (/** @type {string} */ letter) => (ALONG_A_BAR.indexOf(letter) + 1) || ALONG_A_BAR.length + 1;
  return [...counts].sort(([one], [other]) => rank(one) - rank(other));
}

/** @type {Record<string, { label: string, sign: string, tone: string }>} */
const PHASES = {
  Pending: { label: "Pending", sign: "○", tone: "calm" },
  Progressing: { label: "Progressing", sign: "▶", tone: "moves" },
  Paused: { label: "Paused", sign: "‖", tone: "waits" },
  AwaitingApproval: { label: "Awaiting approval", sign: "?", tone: "waits" },
  RollingBack: { label: "Rolling back", sign: "◀", tone: "back" },
  Succeeded: { label: "Succeeded", sign: "✓", tone: "good" },
  RolledBack: { label: "Rolled back", sign: "↶", tone: "back" },
  Aborted: { label: "Aborted", sign: "■", tone: "calm" },
  Failed: { label: "Failed", sign: "✗", tone: "bad" },
};

/** @param {string} name */
export const phase = (name) => PHASES[name] ?? { label: name, sign: "•", tone: "calm" };

/** @type {Record<string, { label: string, sign: string, tone: string }>} what a gate has answered last */
const VERDICTS = {
  pass: { label: "passes", sign: "✓", tone: "good" },
  fail: { label: "fails", sign: "✗", tone: "bad" },
  unknown: { label: "could not tell", sign: "?", tone: "waits" },
  notYet: { label: "not yet", sign: "…", tone: "moves" },
};

/** A gate that holds nobody has not failed anything. @param {string | null | undefined} name @param {boolean} holds */
export function verdict(name, holds) {
  const known = VERDICTS[name ?? ""] ?? { label: name ?? "not asked yet", sign: name ? "•" : "·", tone: "calm" };
  return holds || known.tone !== "bad" ? known : { ...known, tone: "waits" };
}

/** How it is said of an approval, a bake or a pause. @type {Record<string, string>} */
const WAITS = { pass: "over", notYet: "waits", fail: "failed", "": "to come" };
/** And of a hook. @type {Record<string, string>} */
const CALLS = { pass: "done", notYet: "at work", fail: "not done", "": "not called yet" };

/** @param {string | null | undefined} name @param {boolean} hook */
export function wait(name, hook) {
  const known = verdict(name, true);
  return { ...known, label: (hook ? CALLS : WAITS)[name ?? ""] ?? known.label };
}

/** What the buttons say. The API says which of them there are, and what each will do. @type {Record<string, { label: string, past: string, grave: boolean, main: boolean }>} */
const VERBS = {
  approve: { label: "Approve", past: "Approved", grave: false, main: true },
  resume: { label: "Resume", past: "Resumed", grave: false, main: true },
  retry: { label: "Retry", past: "Asked to try again", grave: false, main: true },
  skip: { label: "Skip", past: "Asked to skip", grave: false, main: false },
  pause: { label: "Pause", past: "Asked to pause", grave: false, main: false },
  rollback: { label: "Roll back", past: "Asked to roll back", grave: true, main: false },
  abort: { label: "Abort", past: "Asked to abort", grave: true, main: false },
  breakGlass: { label: "Break glass", past: "Asked to wait for no window any more", grave: true, main: false },
};

/** Verbs that are not taken without a reason. */
export const REASONED = new Set(["breakGlass"]);

/** @param {string} name */
export const verb = (name) => VERBS[name] ?? { label: name, past: `Asked to ${name}`, grave: true, main: false };
