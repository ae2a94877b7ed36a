// Templates without a build step: htm's tags, bound to Preact's elements.
import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);
