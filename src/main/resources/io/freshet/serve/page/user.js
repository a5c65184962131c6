import { ask, askPatiently, describe, listen, state, titleOf } from './client.js';
import { LABELS, bar, extent, sources } from './bars.js';
import { empty, h, text, title } from './dom.js';
import { duration, fixed } from './format.js';

export const NAME = 'User';

const DONE = { chosen: ['Chose', 'good'], rejected: ['Rejected', 'bad'], exposed: ['Was shown', ''] };
const ACTS = { view: 'View', purchase: 'Buy', hide: 'Hide' };
const ASK_AGAIN = 500;
const PATIENCE = 20_000;
const NEAR = 3_600_000;
const RARE = 0.9; // a place that is kept for new items now and then is as good as certain for others

export function show(main, id) {
  const field = h('input', { id: 'user-id', name: 'user', type: 'text', value: id, autocomplete: 'off', spellcheck: 'false', placeholder: 'u-7' });
  const recent = h('div', { class: 'chips' });
  main.append(
    title('User', 'The list of a user, and why each item is on it.'),
    h('form', { class: 'row find', onsubmit: (event) => { event.preventDefault(); go(field.value); } },
      h('label', { for: 'user-id' }, 'User id'), field, h('button', { class: 'primary', type: 'submit' }, 'Show')),
    h('div', { class: 'recent' }, h('span', { class: 'muted small' }, 'Recent'), recent));
  const view = id ? new UserList(main, id) : null;
  if (!id) main.append(h('section', { class: 'card' }, empty('No user chosen', 'Give an id, or take one of those whose lists came last.')));
  const offer = () => offerUsers(recent, id);
  const ends = listen((event, detail) => {
    if (event === 'snapshot' || event === 'figures') offer();
    if (event === 'list') view?.changed(detail);
    if (event === 'snapshot') view?.begin();
  });
  offer();
  if (state.loaded) view?.begin();
  return () => {
    ends();
    view?.leave();
  };
}

function go(id) {
  if (id.trim()) location.hash = `#/user/${encodeURIComponent(id.trim())}`;
}

function offerUsers(host, id) {
  const users = [...(state.figures.users ?? [])].reverse();
  const known = [...host.children].map((chip) => chip.textContent);
  if (host.matches(':focus-within, :hover') || users.join('\n') === known.join('\n')) return; // nothing moves under a pointer
  host.replaceChildren(...users.map((user) =>
    h('a', { class: 'chip', href: `#/user/${encodeURIComponent(user)}`, 'aria-current': user === id ? 'true' : null }, user)));
}

/** The list of one user. */
class UserList {
  constructor(main, id) {
    this.id = id;
    this.left = false;
    this.asking = null;
    this.list = null;
    this.heading = h('p', { class: 'muted small' }, 'Asking the job …');
    this.refresh = h('button', { type: 'button', id: 'refresh', onclick: () => this.load('Asked again') }, 'Refresh');
    this.note = h('p', { class: 'note', role: 'status' });
    this.legend = h('ul', { class: 'legend', 'aria-label': 'Sources' });
    this.rows = h('ol', { class: 'items' });
    this.basis = h('ol', { class: 'basis' });
    main.append(h('section', { class: 'card' },
      h('div', { class: 'card-head' },
        h('div', {}, h('h2', { class: 'id' }, id), this.heading), this.refresh),
      h('div', { class: 'between' }, this.legend, this.note), this.rows,
      h('p', { class: 'muted small' }, 'Bars: what each source added to the score, or took from it, compared with the average of all items that were considered.')),
    h('section', { class: 'card' },
      h('h2', {}, 'What it was made from'),
      h('p', { class: 'muted small' }, 'What the job keeps of this user, newest first, beside what it has learned of items.'),
      this.basis));
  }

  leave() {
    this.left = true;
  }

  begin() {
    if (!this.list && !this.asking) this.load('');
  }

  /** A new list of the user is on the topic: asks for one that says why. */
  changed() {
    if (this.acting) return;
    this.load('A new list came');
  }

  /** Asks for the list, and shows what moved. */
  async load(words) {
    this.asking ??= askPatiently(() => this.fetch(), () => this.left, (problem) => this.say(problem, 'bad'));
    try {
      const list = await this.asking;
      if (this.left) return;
      const moved = this.render(list);
      this.say('');
      if (words) this.say(moved ? `${words}: ${moved}.` : `${words}: nothing moved.`);
    } catch (problem) {
      if (this.left) return;
      this.say(problem.message, 'bad');
      if (!this.list) text(this.heading, 'No list');
    } finally {
      this.asking = null;
    }
  }

  async fetch() {
    const list = await ask(`/users/${encodeURIComponent(this.id)}/recommendations?explain=true`);
    await describe([...list.items.flatMap((item) => [item.item_id, item.because]), ...(list.basis ?? []).map((one) => one.item_id)]);
    return list;
  }

  say(words, kind = '') {
    text(this.note, words);
    this.note.className = `note ${kind}`;
  }

  render(list) {
    const before = new Map((this.list?.items ?? []).map((item, place) => [item.item_id, place]));
    const first = !this.list;
    this.list = list;
    const path = { personal: 'Personal', 'cold-start': 'Cold start', unanswered: 'No list' }[list.path] ?? list.path;
    const fresh = Number.isFinite(list.arrived_at_ms) ? `, made in ${duration(list.served_at_ms - list.arrived_at_ms)}` : '';
    text(this.heading, `${path}, ${list.model_version ? `version ${list.model_version}` : 'no live version'}${fresh}`);
    const scale = extent(list.items);
    this.legend.replaceChildren(...sources(list.items));
    const moves = list.items.map((item, place) => (first ? null : move(before.get(item.item_id), place)));
    if (list.items.length) {
      this.rows.replaceChildren(...list.items.map((item, place) => this.row(item, place, moves[place], scale)));
    } else {
      this.rows.replaceChildren(h('li', { class: 'plain' }, empty('The list is empty', list.reason === 'nothing-left' ? 'No item is left that may be recommended.' : 'There is nothing to recommend yet.')));
    }
    this.basis.replaceChildren(...basis(list));
    return summary(moves);
  }

  row(item, place, moved, scale) {
    const name = titleOf(item.item_id);
    return h('li', { class: moved ? `item moved ${moved.kind}` : 'item', 'data-item': item.item_id },
      h('span', { class: 'place' }, String(place + 1)),
      h('span', { class: `move ${moved?.kind ?? ''}`, 'aria-label': moved?.words ?? null }, moved?.sign ?? ''),
      h('div', { class: 'what' },
        h('a', { href: `#/item/${encodeURIComponent(item.item_id)}` }, name),
        h('p', { class: 'muted small' }, why(item))),
      bar(item.contributions, scale),
      h('span', { class: 'score', title: 'Score' }, fixed(item.score, 3)),
      state.acting.length ? this.acts(item, name) : null);
  }

  acts(item, name) {
    return h('div', { class: 'acts', role: 'group', 'aria-label': `Act as ${this.id} on ${name}` },
      state.acting.map((type) => h('button', {
        type: 'button', class: 'small-button', 'data-act': type, onclick: () => this.act(item.item_id, type),
      }, ACTS[type] ?? type)));
  }

  /** Sends what the user does, and asks for the list until it changes. */
  async act(item, type) {
    if (this.acting) return;
    this.acting = true;
    this.rows.setAttribute('aria-busy', 'true');
    this.say(`${ACTS[type] ?? type}: ${titleOf(item)}. Waiting for the list to change …`);
    try {
      await ask('/interactions', { user_id: this.id, item_id: item, event_type: type, timestamp_ms: this.eventTime() });
      const moved = await this.untilChanged();
      if (!this.left) this.say(moved ? `The list has changed: ${moved}.` : 'The list is the same so far.');
    } catch (problem) {
      this.say(problem.message, 'bad');
    } finally {
      this.acting = false;
      this.rows.removeAttribute('aria-busy');
    }
  }

  /** Now, or the job's time where that is another, as in the demo. */
  eventTime() {
    const reached = this.list?.timestamp_ms;
    return Number.isFinite(reached) && Math.abs(Date.now() - reached) > NEAR ? reached + 1 : Date.now();
  }

  async untilChanged() {
    const before = ids(this.list);
    const end = Date.now() + PATIENCE;
    while (!this.left && Date.now() < end) {
      try {
        const list = await this.fetch();
        if (ids(list) !== before) return this.render(list);
      } catch (failure) {
        if (failure.passing === false) throw failure; // else the job may be busy
      }
      await new Promise((done) => setTimeout(done, ASK_AGAIN));
    }
    return '';
  }
}

/** What is known of the user, with its age when the list was made. */
function basis(list) {
  if (!list.basis?.length) return [h('li', { class: 'plain' }, empty('Nothing is known of this user', 'The list has what is popular, and what is new.'))];
  return list.basis.map((one) => h('li', {},
    h('span', { class: `tag ${DONE[one.kind]?.[1] ?? ''}` }, DONE[one.kind]?.[0] ?? one.kind),
    h('a', { href: `#/item/${encodeURIComponent(one.item_id)}` }, titleOf(one.item_id)),
    h('span', { class: 'muted small when' }, age(list.timestamp_ms - one.timestamp_ms))));
}

function age(millis) {
  return millis >= 1000 ? `${duration(millis)} before` : 'just before';
}

function ids(list) {
  return list.items.map((item) => item.item_id).join('\n');
}

function why(item) {
  const words = [LABELS[item.source] ?? item.source ?? ''];
  if (item.because) words.push(`because of ${titleOf(item.because)}`);
  if (item.propensity < RARE) words.push(`placed with probability ${fixed(item.propensity, 2)}`);
  return words.filter(Boolean).join(', ');
}

function move(before, place) {
  if (before === undefined) return { kind: 'new', sign: 'new', words: 'new on the list' };
  if (before === place) return null;
  const steps = Math.abs(before - place);
  return before > place
    ? { kind: 'up', sign: `▲${steps}`, words: `up by ${steps}` }
    : { kind: 'down', sign: `▼${steps}`, words: `down by ${steps}` };
}

function summary(moves) {
  const count = (kind) => moves.filter((one) => one?.kind === kind).length;
  return [['new', count('new')], ['up', count('up')], ['down', count('down')]]
    .filter(([, number]) => number).map(([kind, number]) => `${number} ${kind}`).join(', ');
}
