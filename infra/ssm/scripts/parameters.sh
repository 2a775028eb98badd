# shellcheck disable=SC2154 # parameter() assigns the variables named as the document's parameters
# Parameters come as environment variables, never as text of this script: no shell ever parses what a caller wrote.
# Nothing here writes a shell's own pid as two dollar signs: the agent takes them for one.
set -u
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Whatever loads the host, this does not wait behind it. Where that is not allowed it only takes longer.
renice -n -10 -p "$BASHPID" >/dev/null 2>&1

# fail STATUS TEXT: docs/ssm-documents.md says what each status means.
fail() {
  printf '%s\n' "$2" >&2
  exit "$1"
}

# parameter NAME PATTERN: sets NAME. SSM has checked the pattern, unless somebody changed the document.
parameter() {
  local given=SSM_$1
  [[ -n ${!given+x} ]] || fail 69 "$1 did not arrive as an environment variable: the SSM agent has to be 3.3.2746.0 or later"
  [[ ${!given} =~ $2 ]] || fail 64 "$1 has to match $2"
  printf -v "$1" %s "${!given}"
}

# integer NAME LEAST MOST: sets NAME.
integer() {
  parameter "$1" '^[0-9]{1,10}$'
  printf -v "$1" %d "$((10#${!1}))"
  ((${!1} >= $2 && ${!1} <= $3)) || fail 64 "$1 has to be from $2 to $3"
}

parameter RunId '^[a-z0-9][a-z0-9-]{2,63}$'
