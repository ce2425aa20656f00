const FULL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether the text is a full-date of RFC 3339 (`2026-03-14`) that the calendar has. */
export function isFullDate(text: string): boolean {
  if (!FULL_DATE.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  // A day that a month does not have would be taken for one of the next month.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** The instant that a date-time of RFC 3339 names, in milliseconds since the epoch; `undefined` where it names none. */
export function instantOf(text: string): number | undefined {
  const [, date] = DATE_TIME.exec(text) ?? [];
  if (date === undefined || !isFullDate(date)) return undefined;
  const instant = Date.parse(text);
  // The offset may have led out of the years that are written with four digits.
  return FULL_DATE.test(new Date(instant).toISOString().slice(0, 10)) ? instant : undefined;
}

/** As a tdate: UTC, without fraction and offset (MDC-04). */
export function tdate(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
