import { ask, listen, state } from './client.js';
import { announce, empty, h, svg, text, title } from './dom.js';
import { NONE, VERDICTS, duration, fixed, time, whole } from './format.js';

export const NAME = 'Versions';

const STEP = 56;
const MIDDLE = 44;
const rollbacks = new Map(); // by version: what is under way, or became of it

export function show(main) {
  const live = h('p', { class: 'live-line' });
  const graph = h('div', { class: 'scroll lineage', tabindex: '0', role: 'region', 'aria-label': 'Lineage of versions' });
  const outcome = h('div', { role: 'status' });
  const rows = h('ol', { class: 'versions' });
  main.append(title('Versions', 'What training made, and what became of it.'), live, outcome,
    h('section', { class: 'card' }, h('h2', {}, 'Lineage'), graph),
    h('section', { class: 'card' }, h('h2', {}, 'Verdicts'), rows));

  function draw() {
    const newest = state.checkpoints.at(-1);
    text(live, newest?.version ? `Version ${newest.version} is live.` : state.loaded ? 'No version is live yet.' : 'Loading …');
    const found = entries(state.checkpoints);
    graph.replaceChildren(lineage(state.checkpoints));
    rows.replaceChildren(...(found.length
      ? found.map((entry) => row(entry, newest))
      : [h('li', { class: 'plain' }, empty('No verdict yet', 'The first comes with the first training window.'))]));
  }

  function answered(event) {
    rollbacks.delete(event.version);
    const words = event.outcome === 'applied'
      ? `Rolled back to version ${event.version}.`
      : `The rollback to version ${event.version} was ${event.outcome}: ${event.reason || 'no reason given'}`;
    outcome.replaceChildren(h('p', { class: `outcome ${event.outcome === 'applied' ? 'good' : 'bad'}` }, words));
    announce(words);
    draw();
  }

  function askFirst(version) {
    const dialog = confirm(version, async () => {
      rollbacks.set(version, true);
      outcome.replaceChildren(h('p', { class: 'outcome' }, `Rolling back to version ${version} … The job answers with its next checkpoint.`));
      draw();
      try {
        await ask('/page/rollback', { version });
      } catch (problem) {
        answered({ version, outcome: 'refused', reason: problem.message });
      }
    });
    main.append(dialog);
    dialog.showModal();
  }

  function row(entry, newest) {
    const { checkpoint, updates } = entry;
    const [words, kind] = VERDICTS[checkpoint.verdict] ?? [checkpoint.verdict, 'quiet'];
    const made = checkpoint.verdict === 'promoted';
    const isLive = made && newest?.version === checkpoint.version;
    return h('li', { class: `version ${kind}`, 'data-version': made ? checkpoint.version : null },
      h('div', { class: 'version-head' },
        h('h3', {}, heading(checkpoint)),
        h('span', { class: `tag ${kind}` }, words), isLive ? h('span', { class: 'tag live' }, 'Live') : null,
        h('span', { class: 'muted small when' }, time(checkpoint.window_end_ms)),
        made ? h('button', {
          type: 'button', class: 'small-button', disabled: rollbacks.has(checkpoint.version), onclick: () => askFirst(checkpoint.version),
        }, rollbacks.has(checkpoint.version) ? 'Rolling back …' : `Roll back to ${checkpoint.version}`) : null),
      h('p', { class: 'reason' }, checkpoint.reason || NONE),
      h('dl', { class: 'facts' }, facts(checkpoint, updates).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
  }

  const ends = listen((event, detail) => {
    if (event === 'snapshot' || event === 'checkpoint') draw();
    if (event === 'rollback') answered(detail);
  });
  draw();
  return ends;
}

function heading(checkpoint) {
  if (checkpoint.verdict === 'promoted') return `Version ${checkpoint.version}`;
  if (checkpoint.verdict === 'rolled_back') return `Back to version ${checkpoint.version}`;
  return `Window ${whole(checkpoint.window)}`;
}

function facts(checkpoint, updates) {
  return [
    ['Parent', checkpoint.parent ?? NONE],
    ['Window', whole(checkpoint.window)],
    ['Interactions', whole(checkpoint.interactions)],
    ['Champion', fixed(checkpoint.champion_metric, 4)],
    ['Challenger', fixed(checkpoint.challenger_metric, 4)],
    ['Training', checkpoint.training_ms ? duration(checkpoint.training_ms) : NONE],
    ['Updates in it', checkpoint.updates ? whole(checkpoint.updates) : NONE],
    ['Updates between', whole(updates)],
  ];
}

/** Verdicts, newest first; plain updates are counted with the verdict that follows them. */
function entries(checkpoints) {
  const found = [];
  let updates = 0;
  for (const checkpoint of checkpoints) {
    if (checkpoint.verdict === 'updated') {
      updates++;
    } else {
      found.unshift({ checkpoint, updates });
      updates = 0;
    }
  }
  return found;
}

/** Versions from left to right, each joined to its parent; what the live one doesn't come from is hollow. */
function lineage(checkpoints) {
  const made = checkpoints.filter((one) => one.verdict === 'promoted');
  if (!made.length) return empty('No version yet', 'A version is made of several updates.');
  const numbers = [...new Set(made.flatMap((one) => [one.parent, one.version]).filter((one) => one !== null))].sort((a, b) => a - b);
  const at = new Map(numbers.map((number, place) => [number, 28 + place * STEP]));
  const parents = new Map(made.map((one) => [one.version, one.parent]));
  const live = checkpoints.at(-1).version;
  const line = new Set();
  for (let one = live; one !== null && one !== undefined && !line.has(one); one = parents.get(one)) line.add(one);
  const width = 56 + (numbers.length - 1) * STEP;
  const words = `Versions ${numbers.join(', ')}; version ${live} is live`;
  return svg('svg', { viewBox: `0 0 ${width} 72`, width, height: 72, role: 'img', 'aria-label': words },
    [...parents].filter(([, parent]) => at.has(parent)).map(([version, parent]) => edge(at.get(parent), at.get(version), line.has(version))),
    numbers.map((number) => node(number, at.get(number), line.has(number), number === live)));
}

function edge(from, to, onLine) {
  const far = to - from > STEP;
  const path = far ? `M${from} ${MIDDLE - 14}C${from} 6 ${to} 6 ${to} ${MIDDLE - 14}` : `M${from + 14} ${MIDDLE}H${to - 14}`;
  return svg('path', { d: path, class: onLine ? 'edge' : 'edge off' });
}

function node(number, x, onLine, isLive) {
  return svg('g', { class: `node${onLine ? '' : ' off'}${isLive ? ' live' : ''}` },
    svg('circle', { cx: x, cy: MIDDLE, r: 14 }), svg('text', { x, y: MIDDLE + 4 }, String(number)));
}

function confirm(version, act) {
  const close = () => dialog.close();
  const dialog = h('dialog', { 'aria-labelledby': 'rollback-title', onclose: () => dialog.remove() },
    h('h2', { id: 'rollback-title' }, `Roll back to version ${version}?`),
    h('p', {}, `The job makes version ${version} the live model and trains on from there. What it learned since is no longer in its lists.`),
    h('div', { class: 'row end' },
      h('button', { type: 'button', onclick: close }, 'Cancel'),
      h('button', { type: 'button', class: 'danger', id: 'confirm-rollback', onclick: () => { close(); act(); } }, 'Roll back')));
  return dialog;
}
