// Live data: one request at a time, soon after something moved and ever later while nothing does.
import { useEffect, useState } from "preact/hooks";
import { call } from "./api.js";

/** Seconds between two looks: while it moves, at the longest, and while nobody sees the tab. */
const [CLOSEST, FARTHEST, HIDDEN] = [2, 15, 60];
const SLOWER = 1.5;

/** @typedef {{ data: any, problem: import("./api.js").Problem | null, refresh: () => void }} Polled */

/** @param {number} wait @param {boolean} moved @param {boolean} hidden @returns {number} seconds */
export function nextWait(wait, moved, hidden) {
  if (hidden) return HIDDEN;
  return moved ? CLOSEST : Math.min(Math.max(wait, CLOSEST) * SLOWER, FARTHEST);
}

/**
 * What GET `path` answers, kept up to date; nothing is asked while `path` is null. A problem that
 * passes leaves the last data in place.
 * @param {string | null} path @returns {Polled}
 */
export function usePolled(path) {
  const [state, setState] = useState({ path, data: /** @type {any} */ (null), problem: /** @type {any} */ (null) });
  const [refresh, setRefresh] = useState(() => () => {});
  useEffect(() => (path === null ? undefined : poll(path, setState, (again) => setRefresh(() => again))), [path]);
  const current = state.path === path ? state : { data: null, problem: null };
  return { data: current.data, problem: current.problem, refresh };
}

/**
 * @param {string} path
 * @param {(change: (state: any) => any) => void} show
 * @param {(again: () => void) => void} offer a way to look at once
 */
function poll(path, show, offer) {
  let timer = 0, wait = CLOSEST, ended = false, asking = false;
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
    wait = Math.max(nextWait(wait, moved, document.hidden), answer.problem ? answer.wait : 0);
    timer = setTimeout(look, wait * 1000);
  };
  const seen = () => document.hidden || look();
  const again = () => ((etag = null), (wait = CLOSEST), void look());

  offer(again);
  document.addEventListener("visibilitychange", seen);
  void look();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
