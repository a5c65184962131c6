import { listen, state } from './client.js';
import { QualityChart, legend, marks, series } from './chart.js';
import { empty, h, text, title } from './dom.js';
import { NONE, duration, fixed, plural, rate, span, time, whole } from './format.js';

export const NAME = 'Overview';

const METRICS = { hit_rate: 'HR@10', ndcg: 'NDCG@10' };
const MOST_ROWS = 20;
let metric = 'hit_rate';

const TILES = [
  ['version', 'Live version'],
  ['trained', 'Last training'],
  ['input', 'Interactions'],
  ['lists', 'Lists'],
  ['answers', 'Answers'],
  ['fresh', 'Freshness, median'],
  ['fresh95', 'Freshness, 95 %'],
  ['dead', 'Dead letters'],
];

function tile([name, label]) {
  return h('div', { class: 'tile', id: `tile-${name}` },
    h('p', { class: 'tile-label' }, label),
    h('p', { class: 'tile-value' }, h('span', { class: 'value' }, NONE), h('span', { class: 'unit' })),
    h('p', { class: 'tile-note' }));
}

function set(name, value, unit, note) {
  const element = document.getElementById(`tile-${name}`);
  text(element.querySelector('.value'), value);
  text(element.querySelector('.unit'), unit);
  text(element.querySelector('.tile-note'), note);
}

export function show(main) {
  const chartHost = h('div', { class: 'chart', role: 'img', 'aria-label': 'Quality over time; the table below has the figures' });
  const nothing = empty('No evaluation yet', 'The first comes after the first training window: the live model is then tried on what it has not learned from.');
  const legendList = h('ul', { class: 'legend', 'aria-label': 'Lines and marks' });
  const reading = h('p', { class: 'reading' });
  const rows = h('tbody');
  const buttons = Object.entries(METRICS).map(([name, label]) =>
    h('button', { type: 'button', 'aria-pressed': String(name === metric), onclick: () => choose(name) }, label));
  main.append(
    title('Overview', 'How good the lists are, and how fresh.'),
    h('section', { class: 'tiles', 'aria-label': 'Figures' }, TILES.map(tile)),
    h('section', { class: 'card' },
      h('div', { class: 'card-head wrap' },
        h('div', {}, h('h2', {}, 'Quality over time'),
          h('p', { class: 'muted small' }, 'Share of hits and rank among the first ten, on what was not learned from yet; mean of five evaluations, by event time.')),
        h('div', { class: 'segments', role: 'group', 'aria-label': 'Metric' }, buttons)),
      legendList, h('div', { class: 'chart-box' }, chartHost, nothing), reading,
      h('details', {}, h('summary', {}, 'Newest evaluations as a table'),
        h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Evaluations' }, h('table', {},
          h('thead', {}, h('tr', {}, ['System', 'Version', 'Event time'].map((name) => h('th', {}, name)),
            ['Positions', 'HR@10', 'NDCG@10'].map((name) => h('th', { class: 'number' }, name)))),
          rows)))));
  const chart = new QualityChart(chartHost);
  chart.onpoint = (point) => text(reading, point
    ? `${time(point.at)}: ${point.values.filter(([, value]) => Number.isFinite(value)).map(([label, value]) => `${label} ${value.toFixed(3)}`).join(', ')}`
    : '');

  function choose(name) {
    metric = name;
    buttons.forEach((button, at) => button.setAttribute('aria-pressed', String(Object.keys(METRICS)[at] === name)));
    draw();
  }

  function draw() {
    const lines = series(state.evaluations, metric);
    const found = marks(state.checkpoints);
    nothing.hidden = lines.length > 0 || !state.loaded;
    legendList.replaceChildren(...legend(lines, lines.length ? found : []));
    chart.show(lines, found);
    rows.replaceChildren(...state.evaluations.slice(-MOST_ROWS).reverse().map((one) => h('tr', {},
      h('td', {}, one.subject), h('td', {}, one.model_version ?? NONE), h('td', {}, time(one.timestamp_ms)),
      h('td', { class: 'number' }, whole(one.positions)), h('td', { class: 'number' }, fixed(one.hit_rate, 3)),
      h('td', { class: 'number' }, fixed(one.ndcg, 3)))));
  }

  const ends = listen((event) => {
    if (event === 'snapshot' || event === 'evaluation' || event === 'checkpoint') draw();
    tiles();
  });
  draw();
  tiles();
  return () => {
    ends();
    chart.destroy();
  };
}

function tiles() {
  const { figures } = state;
  const newest = state.checkpoints.at(-1);
  const trained = state.checkpoints.findLast((one) => one.training_ms > 0);
  set('version', newest?.version ?? NONE, '', newest ? versionNote(newest) : state.loaded ? 'None is live yet' : '');
  const [took, unit] = span(trained?.training_ms);
  set('trained', took, unit, trained ? `Window ${whole(trained.window)}, ${plural(trained.interactions, 'interaction', 'interactions')}` : '');
  set('input', rate(figures.interactions_per_second), '/s', Number.isFinite(figures.behind) ? `${whole(figures.behind)} not in a checkpoint yet` : 'Last ten seconds');
  set('lists', rate(figures.lists_per_second), '/s', 'Last minute');
  set('answers', rate(figures.answers_per_second), '/s', state.health ? `${whole(state.health.counts?.waiting)} waiting` : 'Last minute');
  set('fresh', ...span(figures.freshness_p50_ms), 'Arrival to list');
  set('fresh95', ...span(figures.freshness_p95_ms), 'Arrival to list');
  set('dead', whole(figures.dead_letters), '', figures.dead_letters ? 'See Problems' : 'Since the gateway began');
}

function versionNote(newest) {
  const made = state.checkpoints.findLast((one) => one.version === newest.version && one.verdict === 'promoted');
  const age = made ? newest.window_end_ms - made.window_end_ms : NaN;
  const updates = made ? state.checkpoints.slice(state.checkpoints.indexOf(made) + 1).filter((one) => one.verdict === 'updated').length : 0;
  if (!made) return '';
  return updates ? `${plural(updates, 'update', 'updates')} since, ${duration(age)}` : 'No update since';
}
