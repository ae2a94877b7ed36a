// A value that several parts of the page show: what is drawn with it is drawn again when it changes.
import { useLayoutEffect, useState } from "preact/hooks";

/** @template T @typedef {{ value: T, use: () => T }} Signal `use`: read it where something is drawn, as a hook */

/** @template T @param {T} value @returns {Signal<T>} */
export function signal(value) {
  /** @type {Set<(value: T) => void>} */
  const drawn = new Set();
  return {
    get value() {
      return value;
    },
    set value(next) {
      value = next;
      for (const draw of drawn) draw(value);
    },
    use() {
      const [, draw] = useState(value);
      useLayoutEffect(() => {
        draw(value);
        drawn.add(draw);
        return () => void drawn.delete(draw);
      }, []);
      return value;
    },
  };
}
