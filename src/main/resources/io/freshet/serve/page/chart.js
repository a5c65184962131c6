import uPlot from '/page/uPlot.esm.js';
import { h } from './dom.js';
import { fixed } from './format.js';

/** Systems that are evaluated, in the order of the legend. */
export const SUBJECTS = [
  ['lists', 'Lists', '--line-1'],
  ['live-model', 'Live model', '--line-2'],
  ['frozen-model', 'Frozen base', '--line-3'],
  ['popularity', 'Plain popularity', '--line-4'],
];

const MARKS = {
  promoted: ['Promotion', '--good', '▲'],
  rejected: ['Refusal', '--bad', '✕'],
  failed: ['Refusal', '--bad', '✕'],
  rolled_back: ['Rollback', '--warn', '↺'],
};
/** By the least step between ticks: the label, and what is added where a year or a day begins. */
const TIMES = [
  [86_400 * 28, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [86_400, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
];
const SMOOTHING = 5;
const HEIGHT = 300;

/** Series over event time, each value the mean of the newest evaluations by their positions. */
export function series(evaluations, metric) {
  const names = new Map(SUBJECTS.map(([subject, label, colour]) => [subject, { label, colour, points: [] }]));
  for (const evaluation of evaluations) {
    const line = names.get(evaluation.subject);
    if (line && Number.isFinite(evaluation[metric])) line.points.push(evaluation);
  }
  return [...names.values()].filter((line) => line.points.length).map((line) => smooth(line, metric));
}

function smooth(line, metric) {
  const sorted = [...line.points].sort((a, b) => a.timestamp_ms - b.timestamp_ms);
  const values = new Map();
  sorted.forEach((point, at) => {
    const window = sorted.slice(Math.max(0, at - SMOOTHING + 1), at + 1);
    const positions = window.reduce((sum, one) => sum + one.positions, 0);
    const weighted = window.reduce((sum, one) => sum + one[metric] * one.positions, 0);
    values.set(point.timestamp_ms / 1000, positions ? weighted / positions : point[metric]);
  });
  return { ...line, values, last: [...values.values()].at(-1) };
}

/** Verdicts to mark, from model-checkpoints. */
export function marks(checkpoints) {
  return checkpoints.filter((one) => MARKS[one.verdict]).map((one) => ({
    at: one.window_end_ms / 1000, verdict: one.verdict, version: one.version,
  }));
}

/** The legend: the value of each line, and what marks mean. */
export function legend(lines, found) {
  const kinds = [...new Set(found.map((mark) => MARKS[mark.verdict][0]))];
  const glyph = Object.fromEntries(Object.values(MARKS).map(([name, colour, sign]) => [name, [colour, sign]]));
  return [
    ...lines.map((line) => h('li', {},
      h('span', { class: `key ${line.colour.slice(2)}` }), line.label, h('b', {}, fixed(line.last, 3)))),
    ...kinds.map((kind) => h('li', {},
      h('span', { class: `sign ${glyph[kind][0].slice(2)}` }, glyph[kind][1]), kind)),
  ];
}

/** A chart in an element, which it fills. */
export class QualityChart {
  constructor(host) {
    this.host = host;
    this.resize = new ResizeObserver(() => this.plot?.setSize({ width: host.clientWidth, height: HEIGHT }));
    this.resize.observe(host);
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.repaint = () => { this.shape = ''; this.show(this.lines ?? [], this.marks ?? []); };
    this.scheme.addEventListener('change', this.repaint);
  }

  show(lines, found) {
    this.lines = lines;
    this.marks = found;
    const times = [...new Set(lines.flatMap((line) => [...line.values.keys()]))].sort((a, b) => a - b);
    const data = [times, ...lines.map((line) => times.map((at) => line.values.get(at) ?? null))];
    const shape = lines.map((line) => line.label).join();
    if (this.plot && shape === this.shape) {
      this.plot.setData(data);
    } else if (lines.length) {
      this.plot?.destroy();
      this.shape = shape;
      this.plot = new uPlot(this.options(lines), data, this.host);
    }
  }

  destroy() {
    this.plot?.destroy();
    this.resize.disconnect();
    this.scheme.removeEventListener('change', this.repaint);
  }

  options(lines) {
    const axis = {
      stroke: colour('--muted'), font: '12px system-ui, sans-serif',
      grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false },
    };
    return {
      width: this.host.clientWidth, height: HEIGHT, legend: { show: false }, padding: [20, 12, 0, 0],
      cursor: { y: false, points: { size: 7 } },
      scales: { x: { time: true }, y: { range: (plot, low, high) => [0, Math.max(0.05, (high ?? 0) * 1.1)] } },
      axes: [{ ...axis, space: 70, size: 44, values: TIMES }, { ...axis, size: 48, values: (plot, ticks) => ticks.map((tick) => tick.toFixed(2)) }],
      series: [{}, ...lines.map((line) => ({
        label: line.label, stroke: colour(line.colour), width: 2, spanGaps: true,
        points: { show: line.values.size < 3, size: 6, fill: colour(line.colour) },
      }))],
      hooks: { drawAxes: [(plot) => this.drawMarks(plot)], setCursor: [(plot) => this.point(plot)] },
    };
  }

  drawMarks(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'center';
    for (const mark of this.marks) {
      const x = Math.round(plot.valToPos(mark.at, 'x', true)) + 0.5;
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      const [, name, sign] = MARKS[mark.verdict];
      ctx.strokeStyle = ctx.fillStyle = colour(name);
      ctx.globalAlpha = 0.35;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.globalAlpha = 1;
      ctx.fillText(sign, x, bbox.top - 5 * devicePixelRatio);
    }
    ctx.restore();
  }

  point(plot) {
    const at = plot.cursor.idx;
    this.onpoint?.(at === null || at === undefined ? null : {
      at: plot.data[0][at] * 1000,
      values: this.lines.map((line) => [line.label, line.values.get(plot.data[0][at])]),
    });
  }
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
