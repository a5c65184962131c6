/** Makes an element: attributes by name, `on…` listeners, children as nodes or text, never as HTML. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'width%') element.style.width = `${value}%`;
    else if (name === 'left%') element.style.left = `${value}%`;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets a text, and touches nothing if it is there already. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/** Says something to screen readers. */
export function announce(words) {
  text(document.getElementById('announcer'), words);
}

/** The heading of a view. */
export function title(words, lead) {
  return h('div', { class: 'title' },
    h('div', {}, h('h1', {}, words), lead ? h('p', { class: 'lead' }, lead) : null));
}

/** What is shown in place of what isn't there. */
export function empty(words, detail) {
  return h('div', { class: 'empty' }, h('p', {}, words), detail ? h('p', { class: 'muted' }, detail) : null);
}
