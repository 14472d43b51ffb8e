// SPDX-License-Identifier: Apache-2.0
const sorted = (values) => [...values].sort((a, b) => a - b);

export function median(values) {
  const s = sorted(values);
  return s.length % 2 ? s[s.length >> 1] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2;
}

/** Median distance from the median. */
export const spread = (values) => median(values.map((value) => Math.abs(value - median(values))));

/** The median of the ratios of rounds that ran next to each other: what is left of a noisy machine. */
export const ratio = (ours, theirs) => median(ours.map((value, i) => value / theirs[i]));
