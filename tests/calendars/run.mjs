// Builds handbooks with random events and reads their iCalendar files with two libraries: ical.js, which Thunderbird uses,
// and icalendar with recurring-ical-events from PyPI. Both must find the events at the times that the data of the
// calendar names, over all changes of the clocks in two years. Ends with `N passed, N failed`.
//
// usage: node run.mjs [SEED]     (OPSBOOK names the program, HANDBOOKS the number of handbooks)

import ICAL from 'ical.js';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from '../browser/report.mjs';
import { installPython } from '../python.mjs';

const binary = process.env.OPSBOOK ?? fileURLToPath(new URL('../../target/debug/opsbook', import.meta.url));
const seed = Number(process.argv[2] ?? 20261121);
const handbooks = Number(process.env.HANDBOOKS ?? 6);
/** As many days as the page of the calendar shows. */
const SHOWN_DAYS = 90;
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'UTC'];

let state = seed;
/** A whole number from 0 to `below` - 1 (the generator of Lehmer). */
function random(below) {
  state = (state * 48271) % 2147483647;
  return state % below;
}

const pad = (number) => String(number).padStart(2, '0');
const day = (date) => date.toISOString().slice(0, 10);
const daysAfter = (date, days) => new Date(date.getTime() + days * 86_400_000);

/** The text of an event. Its times lie on all sides of the changes of the clocks, but not within the hour of a change. */
function event(number, today) {
  const first = daysAfter(today, random(700) - 600);
  const time = `${pad(4 + random(18))}:${pad(random(60))}:00`;
  const allDay = random(5) === 0;
  const lines = [`  - summary: Event ${number}`];
  lines.push(`    begin: ${day(first)}${allDay ? '' : ` ${time}`}${!allDay && random(8) === 0 ? ' +05:30' : ''}`);
  if (!allDay) lines.push(`    duration: {minutes: ${1 + random(300)}}`);
  else if (random(2) === 0) lines.push(`    end: ${day(daysAfter(first, 1 + random(3)))}`);
  if (!allDay) lines.push(`    timezone: ${ZONES[random(ZONES.length)]}`);
  if (random(4) > 0) {
    const unit = ['days', 'weeks', 'months', 'years'][random(4)];
    lines.push('    repeat:', `      interval: {${unit}: ${1 + random(4)}}`);
    const until = daysAfter(today, random(900) - 100);
    if (random(5) > 0) lines.push(`      until: ${day(until)}${!allDay && random(2) === 0 ? ` ${time}` : ''}`);
    const others = (most) => Array.from({ length: random(most) }, () => daysAfter(first, random(1400)));
    lines.push(`      except_on: [${others(4).map(day).join(', ')}]`);
    lines.push(`      also_on: [${others(3).map((date) => day(date) + (allDay ? '' : ` ${time}`)).join(', ')}]`);
  }
  return lines.join('\n');
}

/** What ical.js finds in a file from one day to another: `TIME SUMMARY`, sorted. */
function expand(text, from, to) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const found = new Set();
  for (const component of calendar.getAllSubcomponents('vevent')) {
    const event = new ICAL.Event(component);
    const times = event.isRecurring() ? event.iterator() : once(event.startDate);
    for (let time = times.next(); time; time = times.next()) {
      const local = `${time.year}-${pad(time.month)}-${pad(time.day)}`;
      if (local > to) break;
      if (local < from) continue;
      found.add(`${time.isDate ? local : new Date(time.toUnixTime() * 1000).toISOString()} ${event.summary}`);
    }
  }
  return [...found].sort();
}

function once(time) {
  const times = [time];
  return { next: () => times.shift() };
}

/** What the library from PyPI finds, in the same form; the message of a failure is a line of its own. */
function expandInPython(python, file, from, to) {
  const found = spawnSync(join(python, 'python'), [program, file, from, to], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split('\n').filter(Boolean) : [`failed: ${found.stderr.trim()}`];
}

/** What one list has and the other does not. */
function differences(ours, theirs) {
  return [
    ...ours.filter((one) => !theirs.includes(one)).map((one) => `only in the data: ${one}`),
    ...theirs.filter((one) => !ours.includes(one)).map((one) => `only in the calendar: ${one}`),
  ];
}

const report = new Report();
const program = fileURLToPath(new URL('expand.py', import.meta.url));
const python = installPython(fileURLToPath(new URL('../../target/calendar-python', import.meta.url)), fileURLToPath(new URL('requirements.txt', import.meta.url)));
const root = mkdtempSync(join(tmpdir(), 'opsbook-calendars-'));
try {
  mkdirSync(join(root, 'content'));
  mkdirSync(join(root, 'data/calendar'), { recursive: true });
  writeFileSync(join(root, 'book.toml'), '[book]\ntitle = "Calendars"\n[rules]\n"calendar.exception" = "off"\n"calendar.conflict" = "off"\n');
  writeFileSync(join(root, 'content/_index.md'), '# Home\n');
  for (let number = 0; number < handbooks; number += 1) {
    // Each handbook is built on another day of two years, so that every change of the clocks is within some window.
    const today = daysAfter(new Date('2026-02-01T00:00:00Z'), Math.floor((number * 730) / handbooks));
    const events = Array.from({ length: 120 }, (_, index) => event(index, today));
    writeFileSync(join(root, 'data/calendar/random.yaml'), `events:\n${events.join('\n')}\n`);
    const build = spawnSync(binary, ['build', '--root', root, '--today', day(today), '--out', join(root, 'public')], { encoding: 'utf8' });
    report.check(`handbook ${number} builds`, build.status === 0 ? [] : [build.stdout, build.stderr]);
    if (build.status !== 0) continue;
    const text = readFileSync(join(root, 'public/registers/calendar.ics'), 'utf8');
    const long = text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75);
    report.check(`handbook ${number}: no line is too long`, long);
    const last = day(daysAfter(today, SHOWN_DAYS));
    const data = JSON.parse(readFileSync(join(root, 'public/registers/calendar.json'), 'utf8'));
    const time = (begin) => (begin.includes('T') ? new Date(begin).toISOString() : begin);
    // The data also names events that have begun and are not over.
    const begun = data.events.filter(({ begin }) => begin.slice(0, 10) >= day(today));
    const ours = [...new Set(begun.map(({ begin, event }) => `${time(begin)} ${event}`))].sort();
    const few = ours.length < 100 ? [`only ${ours.length} times are compared`] : [];
    const theirs = expand(text, day(today), last);
    report.check(`handbook ${number} (seed ${seed}): ical.js finds the same ${ours.length} times`, [...differences(ours, theirs), ...few]);
    const second = expandInPython(python, join(root, 'public/registers/calendar.ics'), day(today), last);
    report.check(`handbook ${number} (seed ${seed}): recurring-ical-events finds the same`, differences(ours, second));
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exit(report.close());
