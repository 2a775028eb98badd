"""HDR histograms of microseconds, 1 µs to 120 s, three significant digits.

While they are counted and on their way to the master they are sparse: {index in HDR's counts array: count}. That costs
a request a few shifts and one dict entry, and adding two of them is exact. The full form is made once, to encode it.
"""

from collections.abc import Mapping, MutableMapping

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
    return _full(buckets).encode().decode("ascii")


def percentiles_ms(buckets: Mapping[int, int], percentiles: tuple[float, ...]) -> list[float | None]:
    """Percentiles (0..100) in milliseconds; None where nothing was counted."""
    if not buckets:
        return [None] * len(percentiles)
    values = _full(buckets).get_percentile_to_value_dict(list(percentiles))
    return [values[p] / 1000 for p in percentiles]


def _full(buckets: Mapping[int, int]) -> HdrHistogram:
    histogram = HdrHistogram(LOWEST, HIGHEST, DIGITS)
    for index, count in buckets.items():
        histogram.record_value(histogram.get_value_from_index(index), count)
    return histogram
