/** The gateway: its state, kept up to date by its events, and what the page asks of it. */

const TOKEN = 'freshet-token';
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const AGAIN = 2000;
const SILENCE = 12_000; // two heartbeats and some time
const KEPT = { evaluations: 500, checkpoints: 200, dead_letters: 50 };
const EVENTS = { evaluation: 'evaluations', checkpoint: 'checkpoints', 'dead-letter': 'dead_letters' };

export const state = {
  connection: 'connecting', // open, lost, refused
  loaded: false,
  acting: [],
  evaluations: [],
  checkpoints: [],
  dead_letters: [],
  figures: {},
  health: null,
};

const listeners = new Set();
const items = new Map();
let user = '';
let stream = null;
let pause = FIRST_PAUSE;

/** Calls back with the name of each event. Returns what ends that. */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function emit(event, detail) {
  for (const listener of [...listeners]) listener(event, detail);
}

export function token() {
  return sessionStorage.getItem(TOKEN) ?? '';
}

/** Keeps the token for this tab, and connects with it. */
export function useToken(value) {
  sessionStorage.setItem(TOKEN, value);
  connect();
}

function headers(more = {}) {
  return token() ? { Authorization: `Bearer ${token()}`, ...more } : more;
}

/** Follows a user's lists, besides what is followed anyway; '' for nobody's. */
export function followUser(id) {
  if (user === id) return;
  user = id;
  connect();
}

/** Ends the connection: a browser has few for each host, and keeps those of pages that one may go back to. */
export function disconnect() {
  stream?.abort();
}

/** (Re)connects now. */
export function connect() {
  stream?.abort();
  stream = new AbortController();
  follow(stream);
}

async function follow(current) {
  while (!current.signal.aborted) {
    const outcome = await read(current);
    if (current.signal.aborted) return;
    if (outcome === 'refused') {
      connection('refused');
      return;
    }
    connection('lost');
    await wait(pause, current.signal);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }
}

function connection(now) {
  state.connection = now;
  emit('connection');
}

function wait(millis, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, millis * (0.75 + Math.random() / 2));
    signal.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
  });
}

/** Reads events until the connection ends. */
async function read(current) {
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  current.signal.addEventListener('abort', stop, { once: true });
  let timer = setTimeout(stop, SILENCE);
  try {
    const query = user ? `?user=${encodeURIComponent(user)}` : '';
    const response = await fetch(`/page/events${query}`, { headers: headers(), signal: attempt.signal });
    if (response.status === 401) return 'refused';
    if (!response.ok) return 'lost';
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return 'lost';
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE);
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop();
      blocks.forEach(receive);
    }
  } catch {
    return 'lost';
  } finally {
    clearTimeout(timer);
    current.signal.removeEventListener('abort', stop);
    attempt.abort();
  }
}

function receive(block) {
  const event = /^event: (.*)$/m.exec(block)?.[1];
  const data = /^data: (.*)$/m.exec(block)?.[1];
  if (!event) return; // a heartbeat
  const value = JSON.parse(data);
  if (event === 'snapshot') {
    Object.assign(state, value, { loaded: true });
    pause = FIRST_PAUSE;
    connection('open');
  } else if (event === 'figures') {
    state.figures = value;
  } else if (EVENTS[event]) {
    const name = EVENTS[event];
    state[name] = [...state[name], value].slice(-KEPT[name]);
  }
  emit(event, value);
}

/** What the gateway said in place of what was asked for. */
class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.title ? `${problem.title}: ${problem.detail}.` : `The gateway answered ${status}.`);
    this.passing = status >= 500;
  }
}

/** Asks again as long as what is wrong may pass, and the view is there. */
export async function askPatiently(ask, left, problem) {
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      problem(failure.message);
      if (failure.passing === false || left()) throw failure;
    }
    await new Promise((done) => setTimeout(done, AGAIN));
    if (left()) throw new Error('The view has gone.');
  }
}

/** Asks the gateway. Throws an Error whose message says what is wrong. */
export async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined
      ? { headers: headers() }
      : { method: 'POST', headers: headers({ 'Content-Type': 'application/json' }), body: JSON.stringify(body) });
  } catch {
    throw new Error('The gateway can’t be reached.');
  }
  const found = (response.headers.get('Content-Type') ?? '').includes('json') ? await response.json() : null;
  if (!response.ok && path !== '/health') {
    throw new Refusal(response.status, found);
  }
  return found;
}

/** What is known of items, by id: asks for those that it hasn't. */
export async function describe(ids) {
  const missing = [...new Set(ids)].filter((id) => id && !items.has(id)).slice(0, 200);
  if (missing.length) {
    const found = await ask(`/page/items?${missing.map((id) => `id=${encodeURIComponent(id)}`).join('&')}`);
    for (const [id, item] of Object.entries(found)) if (item.title) items.set(id, item);
  }
}

/** An item's title, or its id. */
export function titleOf(id) {
  return items.get(id)?.title || id;
}

export async function pollHealth() {
  try {
    state.health = await ask('/health');
    emit('health');
  } catch {
    state.health = null;
  }
}
