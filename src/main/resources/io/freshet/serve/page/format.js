const WHOLE = new Intl.NumberFormat('en');
const CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export const NONE = '–';

export function whole(number) {
  return Number.isFinite(number) ? WHOLE.format(number) : NONE;
}

export function fixed(number, digits) {
  return Number.isFinite(number) ? number.toFixed(digits) : NONE;
}

/** Three figures, such as 0.43, 12.4 or 1,204. */
export function rate(number) {
  if (!Number.isFinite(number)) return NONE;
  return number >= 100 ? whole(Math.round(number)) : number.toFixed(number >= 10 ? 1 : 2);
}

/** Value and unit of a time, such as ['340', 'ms']. */
export function span(millis) {
  if (!Number.isFinite(millis)) return [NONE, ''];
  if (millis < 1000) return [String(Math.round(millis)), 'ms'];
  if (millis < 60_000) return [(millis / 1000).toFixed(millis < 10_000 ? 1 : 0), 's'];
  if (millis < 3_600_000) return [String(Math.floor(millis / 60_000)), 'min'];
  if (millis < 172_800_000) return [String(Math.floor(millis / 3_600_000)), 'h'];
  return [String(Math.floor(millis / 86_400_000)), 'days'];
}

export function duration(millis) {
  return span(millis).join(' ').trim();
}

export function time(millis) {
  return Number.isFinite(millis) ? CLOCK.format(millis) : NONE;
}

export function signed(number, digits) {
  return Number.isFinite(number) ? (number >= 0 ? '+' : '−') + Math.abs(number).toFixed(digits) : NONE;
}

export function plural(number, one, many) {
  return `${whole(number)} ${number === 1 ? one : many}`;
}

/** How the job names verdicts, in words, with the class of their colour. */
export const VERDICTS = {
  promoted: ['Promoted', 'good'],
  updated: ['Updated', 'quiet'],
  rejected: ['Refused', 'bad'],
  failed: ['Failed', 'bad'],
  held: ['Held', 'warn'],
  delayed: ['Delayed', 'warn'],
  rolled_back: ['Rolled back', 'warn'],
};
