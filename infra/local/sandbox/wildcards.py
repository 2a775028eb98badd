"""The `*` of a policy is any text. MiniStack's ends at a line's end, so that a path with one in it was nobody's to call."""

import re

from ministack.core import iam_evaluator

within_a_line = iam_evaluator._fnmatch_compile


def across_lines(pattern, ignore_case):
    compiled = within_a_line(pattern, ignore_case)
    return re.compile(compiled.pattern, compiled.flags | re.DOTALL)


iam_evaluator._fnmatch_compile = across_lines
