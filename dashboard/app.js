// The frame: the name, the screens, what is asked of everybody (a key), and what to do without an answer.
import { Component } from "preact";
import { key, keyAsked, offline, signInAsked, useKey } from "./api.js";
import { Notices } from "./confirm.js";
import { Fleet, Fleets } from "./fleet.js";
import { Followed } from "./followed.js";
import { Home } from "./home.js";
import { html } from "./html.js";
import { Help } from "./keys.js";
import { useLine } from "./line.js";
import { News } from "./news.js";
import { Rollout } from "./rollout.js";
import { route, to } from "./route.js";
import { ScaleSet, ScaleSets } from "./scale_sets.js";
import { Start } from "./start.js";

const SCREENS = [
  { path: "", name: "Home" },
  { path: "scale-sets", name: "Scale sets" },
  { path: "fleets", name: "Fleets" },
  { path: "followed", name: "Followed", rest: " images" },
  { path: "news", name: "News" },
  { path: "start", name: "Start" },
];

export function App() {
  const { parts } = route.use();
  const [first = ""] = parts;
  const section = first === "rollouts" ? "" : first;
  const [signIn, wantsKey] = [signInAsked.use(), keyAsked.use()];
  const line = useLine(!signIn && !wantsKey);
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <a class="name" href=${to([])}><img src="/api/dashboard/icon.svg" alt="" />VMSS Rollout</a>
      <nav aria-label="Screens">${SCREENS.map(({ path, name, rest }) => html`<a key=${path} href=${to(path ? [path] : [])}
        aria-current=${section === path ? "page" : null}>${name}${rest ? html`<span class="rest">${rest}</span>` : null}</a>`)}</nav>
      ${line.button}<${Help} />
    </header>
    ${offline.use() ? html`<div class="offline" role="status">The app does not answer. What is shown may be old; the page asks again by itself.</div>` : null}
    <main id="main" tabIndex="-1">${signIn ? html`<${SignIn} />` : wantsKey ? html`<${KeyForm} />` : html`${line.note}<${Mishap} key=${parts.join("/")}><${Screen} /><//>`}</main>
    <${Notices} />`;
}

function Screen() {
  const [first, one, two] = route.use().parts;
  if (!first) return html`<${Home} />`;
  if (first === "rollouts" && one) return html`<${Rollout} key=${one} id=${one} />`;
  if (first === "fleets") return one ? html`<${Fleet} key=${one} id=${one} />` : html`<${Fleets} />`;
  if (first === "followed") return html`<${Followed} />`;
  if (first === "scale-sets") return one && two ? html`<${ScaleSet} key=${one + two} group=${one} name=${two} />` : html`<${ScaleSets} />`;
  if (first === "news") return html`<${News} />`;
  if (first === "start") return html`<${Start} />`;
  return html`<div class="stack"><h1>There is no such screen.</h1><p><a href=${to([])}>Go home</a></p></div>`;
}

/** An address of a screen begins with "#/": a jump within the page must not change it. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** App Service signs in, and comes back to this page; a cookie of the app's own address says who it was. */
function SignIn() {
  const back = encodeURIComponent(location.pathname + location.hash);
  return html`<div class="card stack key-form"><h1>Sign in first</h1>
    <p>The app shows rollouts to people who are signed in.</p>
    <div><a class="button main" href=${`/.auth/login/aad?post_login_redirect_uri=${back}`}>Sign in with Microsoft</a></div></div>`;
}

/** Asked for once; kept for this tab only. */
function KeyForm() {
  const enter = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const typed = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("key") ?? "").trim();
    if (typed) useKey(typed);
  };
  return html`<form class="card stack key-form" onSubmit=${enter}>
    <h1>${keyAsked.use()}</h1>
    <p>Enter a function key or host key of the app (in the Azure portal: the function app, App keys). It stays in this tab and goes to this app only.</p>
    <label>Key <input name="key" type="password" autocomplete="off" autofocus defaultValue=${key.value} /></label>
    <div><button class="main">Use this key</button></div>
  </form>`;
}

/** When a screen cannot be drawn: said, with a way on, instead of an empty page. Made anew for each screen. */
class Mishap extends Component {
  state = { error: "" };

  /** @param {unknown} error */
  static getDerivedStateFromError(error) {
    return { error: String(error) };
  }

  render() {
    const { children } = /** @type {any} */ (this.props);
    if (!this.state.error) return children;
    return html`<div class="stack" role="alert"><h1>This screen cannot be shown</h1>
      <p>The app has answered something that this page does not understand; rollouts go on without it. Reload the page: it may be older than the app.</p>
      <p class="soft small break">${this.state.error}</p>
      <div class="row"><button type="button" class="main" onClick=${() => location.reload()}>Reload</button><a class="button" href=${to([])}>Go home</a></div></div>`;
  }
}
