import random
import unittest

from faultline_recorder.histogram import HIGHEST, add, bucket_of, bucket_of_ms, encode, percentiles_ms
from hdrh.histogram import HdrHistogram


def histogram():
    return HdrHistogram(1, HIGHEST, 3)


class Buckets(unittest.TestCase):
    def test_a_value_falls_into_the_bucket_that_the_library_puts_it_into(self):
        library = histogram()
        powers = [2**n + d for n in range(27) for d in (-1, 0, 1) if 2**n + d > 0]
        chance = random.Random(1)
        for value in [*powers, *(chance.randint(1, HIGHEST) for _ in range(5000)), HIGHEST]:
            self.assertEqual(bucket_of(value), library.get_counts_array_index(value), value)

    def test_times_beyond_the_range_count_as_its_ends(self):
        self.assertEqual(bucket_of_ms(0), bucket_of(1))
        self.assertEqual(bucket_of_ms(500_000), bucket_of(HIGHEST))

    def test_adding_is_the_same_as_recording_everything_into_one(self):
        chance = random.Random(2)
        values = [int(chance.lognormvariate(9, 2)) + 1 for _ in range(3000)]
        parts, whole, library = [{}, {}, {}], {}, histogram()
        for i, value in enumerate(values):
            add(parts[i % 3], {bucket_of(value): 1})
            library.record_value(value)
        for part in parts:
            add(whole, part)
        decoded = HdrHistogram.decode(encode(whole))
        self.assertEqual(list(decoded.counts), list(library.counts))
        self.assertEqual(decoded.total_count, len(values))

    def test_percentiles_are_the_smallest_value_with_at_least_that_share_below_it(self):
        buckets = {bucket_of(micros): 1 for micros in range(1, 71)}
        self.assertEqual(percentiles_ms(buckets, (50, 95, 99, 100)), [0.035, 0.067, 0.070, 0.070])
        self.assertEqual(percentiles_ms({bucket_of(v): 1 for v in range(1, 101)}, (95,)), [0.095])

    def test_nothing_counted_has_no_percentile(self):
        self.assertEqual(percentiles_ms({}, (50, 99)), [None, None])
