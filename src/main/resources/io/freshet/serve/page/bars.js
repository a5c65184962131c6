import { h } from './dom.js';
import { NONE, signed } from './format.js';

/** Bars of what each source added to a score. */

const SOURCES = ['model', 'transition', 'content', 'repeat', 'popularity', 'catalog', 'exposure', 'rejection'];
export const LABELS = {
  model: 'Model', transition: 'Transition', content: 'Content', repeat: 'Repeat', popularity: 'Popularity',
  catalog: 'New in catalog', exposure: 'Shown before', rejection: 'Rejected', exploration: 'Exploration',
};

/** The legend of the sources that any of the items has. */
export function sources(items) {
  return SOURCES.filter((source) => items.some((item) => item.contributions?.[source])).map((source) =>
    h('li', {}, h('span', { class: `key source-${source}` }), LABELS[source]));
}

function parts(contributions, sign) {
  return SOURCES.map((source) => [source, contributions?.[source] ?? 0]).filter(([, value]) => value * sign > 0);
}

function sum(found) {
  return found.reduce((total, [, value]) => total + Math.abs(value), 0);
}

/** The longest bar to either side. */
export function extent(items) {
  const longest = (sign) => Math.max(0, ...items.map((item) => sum(parts(item.contributions, sign))));
  return { below: longest(-1), above: longest(1) };
}

/** The bar of one item, on the scale of all. */
export function bar(contributions, scale) {
  const whole = scale.below + scale.above;
  const words = SOURCES.filter((source) => contributions?.[source]).map((source) => `${LABELS[source]} ${signed(contributions[source], 3)}`).join(', ');
  if (!whole || !words) return h('span', { class: 'bar none' }, contributions ? 'as all others' : NONE);
  const side = (name, sign) => h('span', { class: name, 'width%': (100 * scale[name]) / whole },
    parts(contributions, sign).map(([source, value]) =>
      h('span', { class: `source-${source}`, 'width%': (100 * Math.abs(value)) / scale[name] })));
  return h('span', { class: 'bar', role: 'img', 'aria-label': words, title: words }, side('below', -1), side('above', 1));
}

