import { ask, askPatiently, describe, titleOf } from './client.js';
import { bar, extent, sources } from './bars.js';
import { empty, h, text, title } from './dom.js';
import { fixed, whole } from './format.js';

export const NAME = 'Item';

export function show(main, id) {
  const field = h('input', { id: 'item-id', name: 'item', type: 'text', value: id, autocomplete: 'off', spellcheck: 'false', placeholder: 'i-42' });
  const find = (event) => {
    event.preventDefault();
    if (field.value.trim()) location.hash = `#/item/${encodeURIComponent(field.value.trim())}`;
  };
  main.append(
    title('Item', 'What is known of an item, and what goes with it.'),
    h('form', { class: 'row find', onsubmit: find },
      h('label', { for: 'item-id' }, 'Item id'), field, h('button', { class: 'primary', type: 'submit' }, 'Show')));
  if (!id) {
    main.append(h('section', { class: 'card' }, empty('No item chosen', 'Give an id, or take an item of a user’s list.')));
    return null;
  }
  const name = h('h2', {}, id);
  const facts = h('dl', { class: 'facts' });
  const similar = h('div', { class: 'similar' }, h('p', { class: 'muted' }, 'Asking the job …'));
  main.append(h('section', { class: 'card' }, name, facts),
    h('section', { class: 'card' }, h('h2', {}, 'Similar items'), similar));
  let left = false;
  load(id, name, facts, similar, () => left);
  return () => {
    left = true;
  };
}

async function load(id, name, facts, similar, left) {
  try {
    const known = (await ask(`/page/items?id=${encodeURIComponent(id)}`))[id];
    if (left()) return;
    text(name, known.title || id);
    facts.replaceChildren(...describeItem(id, known));
    const list = await askPatiently(() => ask(`/items/${encodeURIComponent(id)}/similar?explain=true`), left,
      (problem) => similar.replaceChildren(h('p', { class: 'note bad', role: 'status' }, problem)));
    await describe(list.items.map((item) => item.item_id));
    if (!left()) similar.replaceChildren(...(list.items.length ? [h('ul', { class: 'legend', 'aria-label': 'Sources' }, sources(list.items)), table(list.items)] : [empty('Nothing is similar', '')]));
  } catch (problem) {
    if (!left()) similar.replaceChildren(empty('No similar items', problem.message));
  }
}

function describeItem(id, known) {
  const seen = known.title !== undefined;
  return [
    ['Id', h('span', { class: 'mono' }, id)],
    ['Categories', known.categories?.join(' › ') || '–'],
    ['Availability', seen ? (known.available ? 'Available' : 'Not available') : 'Not in the catalog'],
    ['Shown', known.lists ? `in ${whole(known.shown)} of the newest ${whole(known.lists)} lists` : 'no list yet'],
  ].map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value)));
}

function table(items) {
  const scale = extent(items);
  return h('table', {},
    h('thead', {}, h('tr', {}, h('th', { class: 'number' }, '#'), h('th', {}, 'Item'), h('th', { class: 'why' }, 'Why'), h('th', { class: 'number' }, 'Score'))),
    h('tbody', {}, items.map((item, place) => h('tr', {},
      h('td', { class: 'number' }, String(place + 1)),
      h('td', {}, h('a', { href: `#/item/${encodeURIComponent(item.item_id)}` }, titleOf(item.item_id))),
      h('td', { class: 'why' }, bar(item.contributions, scale)),
      h('td', { class: 'number' }, fixed(item.score, 3))))));
}
