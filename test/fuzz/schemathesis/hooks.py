"""What a fuzzer cannot guess: the ids of what is there.

About half of the valid ids that it makes up are replaced by such, so that requests get further than 'not found'. What it made
up to be invalid stays as it is.
"""

import json
import os
import re
import zlib

import schemathesis

# By the name of the parameter or field: {"targetId": {"pattern": "...", "ids": ["..."]}, ...}. The document's own examples
# are of a target that need not be there.
EXAMPLE = "sample"
KNOWN = json.loads(os.environ["FUZZ_KNOWN_IDS"])


def known(name, value):
    of = KNOWN.get(name)
    if of is None or not isinstance(value, str) or not re.fullmatch(of["pattern"], value):
        return value
    # Of the value itself, so that the same seed makes the same requests.
    at = zlib.crc32(value.encode())
    return of["ids"][at // 2 % len(of["ids"])] if at % 2 or value == EXAMPLE else value


def with_known(values):
    return {name: known(name, value) for name, value in values.items()} if isinstance(values, dict) else values


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return with_known(path_parameters)


@schemathesis.hook
def map_body(context, body):
    return with_known(body)
