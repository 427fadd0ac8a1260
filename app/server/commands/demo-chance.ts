/** Chance that falls the same way every time: the demonstration is the same on every machine. */
export interface Chance {
  /** At least 0, below 1. */
  next(): number;
  whole(from: number, to: number): number;
  one<Item>(items: readonly Item[]): Item;
  /** True in this share of cases. */
  isLikely(share: number): boolean;
}

/** Chance that begins at a number. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    one: (items) => items[whole(0, items.length - 1)]!,
    isLikely: (share) => next() < share,
  };
}
