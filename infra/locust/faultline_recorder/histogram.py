"""HDR histograms of microseconds, 1 µs to 120 s, three significant digits.

While they are counted and on their way to the master they are sparse: {index in HDR's counts array: count}. That costs
a request a few shifts and one dict entry, and adding two of them is exact. The full form is made once, to encode it.
"""

from bisect import bisect_left
from collections.abc import Mapping, MutableMapping
from itertools import accumulate
from math import ceil

from hdrh.histogram import HdrHistogram

LOWEST, HIGHEST, DIGITS = 1, 120_000_000, 3

Buckets = dict[int, int]


def bucket_of(micros: int) -> int:
    """Index of a value in the counts array, as HdrHistogram computes it for three digits: 2048 sub-buckets, unit 1."""
    shift = micros.bit_length() - 11
    return micros if shift <= 0 else (shift << 10) + (micros >> shift)


def bucket_of_ms(milliseconds: float) -> int:
    """Values outside the histogram's range count as its lowest or highest."""
    return bucket_of(min(max(round(milliseconds * 1000), LOWEST), HIGHEST))


def add(into: MutableMapping[int, int], other: Mapping[int, int]) -> None:
    for index, count in other.items():
        into[index] = into.get(index, 0) + count


def encode(buckets: Mapping[int, int]) -> str:
    """V2 deflate encoding in base64, which every HdrHistogram library decodes."""
    histogram = HdrHistogram(LOWEST, HIGHEST, DIGITS)
    for index, count in buckets.items():
        histogram.record_value(histogram.get_value_from_index(index), count)
    return histogram.encode().decode("ascii")


def percentiles_ms(buckets: Mapping[int, int], percentiles: tuple[float, ...]) -> list[float | None]:
    """Percentiles (above 0, to 100) in milliseconds; None where nothing was counted.

    The smallest value with at least that share at or below it, as HdrHistogram for Java and JavaScript has it. The
    library for Python rounds the rank instead, which puts a p95 of 70 requests one request lower.
    """
    if not buckets:
        return [None] * len(percentiles)
    indices = sorted(buckets)
    ranks = list(accumulate(buckets[i] for i in indices))
    # the subtrahend keeps floating point from making 95 of 100 a 96
    wanted = [max(1, ceil(p / 100 * ranks[-1] - 1e-9)) for p in percentiles]
    return [_highest_value(indices[bisect_left(ranks, rank)]) / 1000 for rank in wanted]


_arithmetic = HdrHistogram(LOWEST, HIGHEST, DIGITS)


def _highest_value(index: int) -> int:
    return _arithmetic.get_highest_equivalent_value(_arithmetic.get_value_from_index(index))
