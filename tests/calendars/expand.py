"""Reads a calendar with icalendar and prints when its events begin, as recurring-ical-events finds it.

usage: expand.py FILE.ics FIRST-DAY LAST-DAY     one line each: `TIME SUMMARY`, a time in UTC or a day
"""

import datetime
import sys

import icalendar
import recurring_ical_events


def main(path, first, last):
    with open(path, "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    for event in calendar.walk("VEVENT"):
        if event.errors:
            raise SystemExit(f"{event.get('SUMMARY')}: {event.errors}")
    uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    if len(uids) != len(set(uids)):
        raise SystemExit("two events have one UID")
    # An occurrence is found by its time in UTC, which may be on another day than its wall time.
    margin = datetime.timedelta(days=2)
    found = recurring_ical_events.of(calendar, skip_bad_series=False).between(first - margin, last + margin)
    lines = set()
    for event in found:
        start = event["DTSTART"].dt
        timed = isinstance(start, datetime.datetime)
        if first <= (start.date() if timed else start) <= last:
            time = f"{start.astimezone(datetime.timezone.utc):%Y-%m-%dT%H:%M:%S}.000Z" if timed else start.isoformat()
            lines.add(f"{time} {event['SUMMARY']}")
    for line in sorted(lines):
        print(line)


main(sys.argv[1], *map(datetime.date.fromisoformat, sys.argv[2:4]))
