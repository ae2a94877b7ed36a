// When a screen cannot be drawn: said, with a way on, instead of an empty page.
import { Component } from "preact";
import { html } from "./html.js";
import { to } from "./route.js";

/** Made anew for each screen, by its key. */
export class Mishap extends Component {
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
