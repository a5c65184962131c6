import { connect, disconnect, followUser, listen, pollHealth, state, token, useToken } from './client.js';
import { h, text } from './dom.js';
import * as overview from './overview.js';
import * as user from './user.js';
import * as versions from './versions.js';
import * as problems from './problems.js';
import * as item from './item.js';

const VIEWS = { overview, user, versions, problems, item };
const HEALTH_MILLIS = 3000;
const WORDS = { connecting: 'Connecting', open: 'Live', lost: 'Reconnecting', refused: 'Token needed' };

const main = document.getElementById('main');
const banner = document.getElementById('banner');
let leave = null;

function route() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  return [VIEWS[name] ? name : 'overview', decode(rest.join('/'))];
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Shows the view that the address names. */
function show() {
  const [name, id] = route();
  leave?.();
  leave = null;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  main.replaceChildren();
  main.dataset.view = name;
  if (state.connection === 'refused') {
    main.append(tokenForm());
    return;
  }
  document.title = `${VIEWS[name].NAME} · Freshet`;
  followUser(name === 'user' ? id : '');
  leave = VIEWS[name].show(main, id);
}

function tokenForm() {
  const field = h('input', { id: 'token', type: 'password', autocomplete: 'off', required: true });
  const send = (event) => {
    event.preventDefault();
    useToken(field.value.trim());
  };
  return h('form', { class: 'card token', onsubmit: send },
    h('h1', {}, 'This gateway asks for a token'),
    h('p', { class: 'muted' }, token()
      ? 'The gateway refused this one. The token is in the file that freshet serve was given by --token-file.'
      : 'It is in the file that freshet serve was given by --token-file. It stays in this tab alone.'),
    h('label', { for: 'token' }, 'Token'),
    h('div', { class: 'row' }, field, h('button', { class: 'primary', type: 'submit' }, 'Open')));
}

let shown = state.connection;

function connectionChanged() {
  const now = state.connection;
  const chip = document.getElementById('connection');
  chip.dataset.state = now;
  text(chip, WORDS[now]);
  banner.hidden = now !== 'lost';
  text(banner, now === 'lost' ? 'The connection to the gateway is lost. What you see may be old; the page reconnects by itself.' : '');
  if ((now === 'refused') !== (shown === 'refused') || now === 'refused') show();
  shown = now;
}

function countProblems() {
  const badge = document.getElementById('problem-count');
  const number = state.figures.dead_letters ?? 0;
  badge.hidden = number === 0;
  text(badge, number > 99 ? '99+' : String(number));
}

listen((event) => {
  if (event === 'connection') connectionChanged();
  countProblems();
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', () => {
  show();
  scrollTo(0, 0);
});
addEventListener('pagehide', disconnect);
addEventListener('pageshow', (event) => {
  if (event.persisted) connect();
});
setInterval(pollHealth, HEALTH_MILLIS);
pollHealth();
connect();
show();
