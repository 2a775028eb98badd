/**
 * The largest share of all runs that is compatible with what a sample of them showed: the one-sided 95 % bound of Clopper
 * and Pearson (1934). Of 0 in n it is 1 − 0.05^(1/n), about 3/n.
 */
export function upperBound(seen: number, runs: number): number {
  let [low, high] = [seen / runs, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (atMost(seen, runs, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance of so few or fewer, where each run has this one. */
function atMost(seen: number, runs: number, share: number): number {
  let chance = (1 - share) ** runs;
  let total = chance;
  for (let k = 1; k <= seen; k++) {
    chance *= ((runs - k + 1) / k) * (share / (1 - share));
    total += chance;
  }
  return total;
}
