// Live data: one request at a time, soon after something moved and ever later while nothing does.
import { useEffect, useState } from "preact/hooks";
import { call } from "./api.js";

/** @typedef {{ closest: number, farthest: number }} Pace seconds between two looks */
/** @template T @typedef {{ data: T | null, problem: import("./api.js").Problem | null, refresh: () => void }} Polled */

/** What the app itself knows. @type {Pace} */
const LIVE = { closest: 2, farthest: 15 };
/** What the app has to ask Azure for, which counts the calls. @type {Pace} */
export const AZURE = { closest: 20, farthest: 120 };
/** What hardly ever changes. @type {Pace} */
export const RARE = { closest: 300, farthest: 900 };

/** While nobody sees the tab. */
const HIDDEN = 60;
/** After a problem: it may pass soon, but must not be hammered at. */
const AFTER_PROBLEM = 5;
const SLOWER = 1.5;

/** @param {Pace} pace @param {number} wait @param {boolean} moved @param {boolean} hidden @returns {number} seconds */
function nextWait(pace, wait, moved, hidden) {
  if (hidden) return Math.max(HIDDEN, pace.closest);
  return moved ? pace.closest : Math.min(Math.max(wait, pace.closest) * SLOWER, pace.farthest);
}

/**
 * A list that stands beside a view: read again whenever `mark` changes, kept where that fails; not read while it is null.
 * @template T @param {string} path @param {unknown} mark @returns {T[]}
 */
export function useListed(path, mark) {
  const [rows, setRows] = useState(/** @type {T[]} */ ([]));
  useAsked(mark === null || mark === undefined ? null : path, mark, "", setRows);
  return rows;
}

/**
 * Asks once for each `mark`, and again a while after a problem; what is asked for may have changed by then.
 * @param {string | null} path @param {unknown} mark @param {string} query @param {(body: any) => void} take
 */
export function useAsked(path, mark, query, take) {
  const [turn, again] = useState(0);
  useEffect(() => {
    if (path === null) return;
    let ended = false, timer = 0;
    call("GET", path + query).then((answer) => {
      if (ended) return;
      if (answer.problem) timer = setTimeout(() => again(turn + 1), afterProblem(answer) * 1000);
      else take(answer.body);
    });
    return () => ((ended = true), clearTimeout(timer));
  }, [path, mark, turn]);
}

/** @param {import("./api.js").Answer} answer @returns {number} seconds */
const afterProblem = (answer) => Math.max(document.hidden ? HIDDEN : AFTER_PROBLEM, Math.min(answer.wait, RARE.farthest));

/**
 * What GET `path` answers, kept up to date; nothing is asked while `path` is null. A problem that
 * passes leaves the last data in place.
 * @template [T=any] @param {string | null} path @param {Pace} [pace] @returns {Polled<T>}
 */
export function usePolled(path, pace = LIVE) {
  const [state, setState] = useState({ path, data: /** @type {any} */ (null), problem: /** @type {any} */ (null) });
  const [refresh, setRefresh] = useState(() => () => {});
  useEffect(() => (path === null ? undefined : poll(path, pace, setState, (again) => setRefresh(() => again))), [path]);
  const current = state.path === path ? state : { data: null, problem: null };
  return { data: current.data, problem: current.problem, refresh };
}

/**
 * @param {string} path @param {Pace} pace
 * @param {(change: (state: any) => any) => void} show
 * @param {(again: () => void) => void} offer a way to look at once
 */
function poll(path, pace, show, offer) {
  let timer = 0, looked = 0, wait = pace.closest, ended = false, asking = false;
  /** @type {string | null} */
  let etag = null;
  let last = "";

  const look = async () => {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    const answer = await call("GET", path, undefined, etag);
    asking = false;
    if (ended) return;
    let moved = false;
    if (answer.problem) {
      show((state) => ({ path, data: state.path === path ? state.data : null, problem: answer.problem }));
    } else if (answer.status !== 304) {
      const text = JSON.stringify(answer.body);
      moved = text !== last;
      [last, etag] = [text, answer.etag];
      show((state) => (moved || state.problem ? { path, data: answer.body, problem: null } : state));
    } else {
      show((state) => (state.problem ? { ...state, problem: null } : state));
    }
    looked = Date.now();
    wait = answer.problem ? afterProblem(answer) : nextWait(pace, wait, moved, document.hidden);
    timer = setTimeout(look, wait * 1000);
  };
  const seen = () => document.hidden || (Date.now() - looked >= pace.closest * 1000 && look());
  const again = () => ((etag = null), (wait = pace.closest), void look());

  offer(again);
  document.addEventListener("visibilitychange", seen);
  void look();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
