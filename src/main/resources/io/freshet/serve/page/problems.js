import { listen, state } from './client.js';
import { empty, h, title } from './dom.js';
import { VERDICTS, time, whole } from './format.js';

export const NAME = 'Problems';

const PARTS = {
  broker: 'Kafka brokers', requests: 'Requests to the job', interactions: 'Interactions',
  answers: 'Answers of the job', newest_lists: 'Newest lists',
  page: 'Topics of this page',
};
const REFUSALS = new Set(['rejected', 'failed']);

export function show(main) {
  const parts = h('ul', { class: 'parts' });
  const refused = h('ul', { class: 'cases' });
  const letters = h('ul', { class: 'cases', id: 'dead-letters' });
  main.append(
    title('Problems', 'What could not be read, what was refused, and what is out of reach.'),
    section('Gateway', 'Ask for a list', parts),
    section('Dead letters', 'Bad input', letters),
    section('Refused updates', 'Two cadences', refused));

  function drawHealth() {
    const found = Object.entries({ ...state.health?.parts, ...topics() });
    parts.replaceChildren(...found.map(([name, problem]) => h('li', {},
      h('span', { class: `dot ${problem === 'ok' ? 'good' : 'bad'}`, 'aria-hidden': 'true' }),
      h('span', {}, PARTS[name] ?? name), h('span', { class: problem === 'ok' ? 'muted' : 'bad-text' }, problem === 'ok' ? 'OK' : problem))));
    if (!found.length) parts.append(h('li', { class: 'muted' }, 'The gateway gave no answer yet.'));
  }

  function draw() {
    const open = new Set([...letters.querySelectorAll('details[open]')].map((one) => one.dataset.at));
    fill(letters, [...state.dead_letters].reverse().map((letter) => deadLetter(letter, open)), 'No dead letter', 'Every record could be read.');
    fill(refused, state.checkpoints.filter((one) => REFUSALS.has(one.verdict)).reverse().map(refusal), 'No refused update', 'No update made the model worse.');
  }

  const ends = listen((event) => {
    if (event === 'health' || event === 'snapshot') drawHealth();
    if (event === 'snapshot' || event === 'dead-letter' || event === 'checkpoint') draw();
  });
  drawHealth();
  draw();
  return ends;
}

function topics() {
  return state.loaded ? { page: state.figures.problem || 'ok' } : {};
}

function section(name, handbook, content) {
  return h('section', { class: 'card' },
    h('div', { class: 'card-head wrap' }, h('h2', {}, name), h('p', { class: 'muted small' }, `Handbook: “${handbook}”`)), content);
}

function fill(list, found, none, detail) {
  list.replaceChildren(...(found.length ? found : [h('li', { class: 'plain' }, empty(none, detail))]));
}

function deadLetter(letter, open) {
  const at = `${letter.topic}:${letter.partition}:${letter.offset}`;
  return h('li', {},
    h('div', { class: 'case-head' }, h('span', { class: 'tag bad' }, letter.field || 'value'),
      h('span', { class: 'mono small' }, at), h('span', { class: 'muted small when' }, time(letter.timestamp_ms ?? NaN))),
    h('p', { class: 'reason' }, letter.reason),
    h('details', { 'data-at': at, open: open.has(at) },
      h('summary', {}, `Raw record, ${whole(letter.payload_size)} bytes`), h('pre', { tabindex: '0' }, raw(letter))));
}

function refusal(checkpoint) {
  const [words, kind] = VERDICTS[checkpoint.verdict];
  return h('li', {},
    h('div', { class: 'case-head' }, h('span', { class: `tag ${kind}` }, words),
      h('span', { class: 'small' }, `Window ${whole(checkpoint.window)}`), h('span', { class: 'muted small when' }, time(checkpoint.window_end_ms))),
    h('p', { class: 'reason' }, checkpoint.reason));
}

/** The record's bytes as text; what is no UTF-8 shows as �. */
function raw(letter) {
  const bytes = Uint8Array.from(atob(letter.payload ?? ''), (char) => char.charCodeAt(0));
  const shown = new TextDecoder().decode(bytes);
  if (!bytes.length) return '(empty)';
  return letter.payload_size > bytes.length ? `${shown}\n… ${whole(letter.payload_size - bytes.length)} bytes more` : shown;
}
