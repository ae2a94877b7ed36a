// Calls of the API. A failed call is a value, too: a Problem (RFC 9457), in words that help.
import { signal } from "./signal.js";

/** @typedef {import("./check/api").Problem} Problem */
/** @typedef {{ problem?: undefined, status: number, body: any, etag: string | null, wait: number }} Given */
/** @typedef {{ problem: Problem, unreachable: boolean, wait: number }} Refused */
/** @typedef {Given | Refused} Answer */

/** Everything before the page's own name: "/api". */
const BASE = location.pathname.replace(/\/dashboard\/?$/, "");
/** Kept for this tab only, and sent to this app only. */
const KEY = "vmss-rollout-key";
/** An app that is up but says nothing is as good as gone. What is asked of Azure may take a while. */
const PATIENCE = 60_000;

export const key = signal(sessionStorage.getItem(KEY) ?? "");
/** Why a key is asked for; "" while none is. */
export const keyAsked = signal("");
/** Whether App Service wants a token before it lets a call through to the app. */
export const signInAsked = signal(false);
/** Whether the last call got no answer. */
export const offline = signal(false);

/** A header, in which it is sent, takes no other letters. @param {string} value */
export function useKey(value) {
  if (/[^ -~]/.test(value)) return void (keyAsked.value = "This is no key: it has letters that no key has.");
  sessionStorage.setItem(KEY, value);
  key.value = value;
  keyAsked.value = "";
}

/** @param {string} path below /api, such as "rollouts/web-1" */
export const address = (path) => `${location.origin}${BASE}/${path}`;

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @param {string | null} [etag] of the answer that is known already; then the status may be 304
 * @returns {Promise<Answer>}
 */
export async function call(method, path, body, etag) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (key.value) headers["x-functions-key"] = key.value;
  if (etag) headers["If-None-Match"] = etag;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(address(path), {
      method, headers, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      body: body === undefined ? null : JSON.stringify(body),
    });
    offline.value = false;
    return await read(response);
  } catch {
    offline.value = true;
    const next = method === "GET" || path === "rollouts/plan" ? "The page asks again by itself; rollouts go on without it."
      : "It may have been done all the same: see what has become of it, then send it again if it was not.";
    return failed(0, "The app does not answer", `Nothing was heard from ${location.host}. ${next}`, true);
  }
}

/** @param {Response} response @returns {Promise<Answer>} */
async function read(response) {
  const wait = Number(response.headers.get("Retry-After")) || 0;
  if (response.type === "opaqueredirect") {
    signInAsked.value = true;
    return failed(401, "Your sign-in has ended", "Sign in again.");
  }
  if (response.status === 304) return { status: 304, body: null, etag: response.headers.get("ETag"), wait };
  const text = await response.text();
  if (response.status === 401) return unauthorized(text);
  const body = parsed(text);
  if (response.ok && body !== undefined)
    return { status: response.status, body, etag: response.headers.get("ETag"), wait };
  if (body?.title) return { problem: body, unreachable: false, wait };
  return failed(response.status, "An answer that this page does not understand",
    `${location.host} answered ${response.status}, without the app's JSON. It may be stopped, starting or being updated: try again in a minute.`,
    response.status >= 500);
}

/**
 * The Functions host refuses a missing or wrong key without a word. Whoever says something wants a sign-in: App
 * Service, before the app sees the call, or the app itself. @param {string} text
 */
function unauthorized(text) {
  if (text.trim()) {
    signInAsked.value = true;
    return failed(401, "Sign in first", "The app shows rollouts to people who are signed in.");
  }
  keyAsked.value = key.value ? "The app did not take this key." : "The app asks for a key.";
  return failed(401, "A key is needed", "Enter a function key of the app.");
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} status @param {string} title @param {string} detail @returns {Refused} */
function failed(status, title, detail, unreachable = false) {
  return { problem: { type: "about:blank", status, title, detail, errors: [] }, unreachable, wait: 0 };
}
