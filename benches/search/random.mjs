// Chance by seed: the same draws on every machine.

/** A source of numbers from 0 up to 1, named by any text. */
export function chance(name) {
  let state = 2166136261;
  for (const unit of name) state = Math.imul(state ^ unit.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from 0 up to `limit`, which is not reached. */
export function below(random, limit) {
  return Math.floor(random() * limit);
}

export function pick(random, list) {
  return list[below(random, list.length)];
}

/** The list in another order. */
export function shuffled(random, list) {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = below(random, last + 1);
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
