#!/bin/sh
# What the official image's docker-entrypoint.sh does, for the environment variables that are documented for it.
set -eu
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
  echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
  exit 1
fi

# A stop while the cluster is being made: leave, or the signal would be lost on process 1.
trap 'exit 130' INT
trap 'exit 143' TERM

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  version=$("$POSTGRES_BIN/postgres" --version | tr -cd '0-9.')
  template=$POSTGRES_TEMPLATES/$version-$user
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  if [ ! -s "$template/PG_VERSION" ]; then
    # initdb takes a second of CPU and always comes to the same: make it once, and rename it into place when whole.
    mkdir -p "$POSTGRES_TEMPLATES"
    new=$(mktemp -d "$POSTGRES_TEMPLATES/new.XXXXXX")
    "$POSTGRES_BIN/initdb" --pgdata="$new/data" --username="$user" --encoding=UTF8 --locale=C --no-sync \
      --auth-local=trust --auth-host=scram-sha-256 >"$new/log" || { cat "$new/log" >&2; exit 1; }
    mv -T "$new/data" "$template" 2>/dev/null || [ -s "$template/PG_VERSION" ]
    rm -rf "$new"
  fi
  cp -R "$template/." "$PGDATA/"
  chmod 700 "$PGDATA"
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  quoted() { printf %s "$1" | sed "s/'/''/g"; }
  name() { printf %s "$1" | sed 's/"/""/g'; }
  {
    # Not echo: it would interpret a backslash in the password.
    [ -z "${POSTGRES_PASSWORD:-}" ] ||
      printf "ALTER USER \"%s\" PASSWORD '%s';\n" "$(name "$user")" "$(quoted "$POSTGRES_PASSWORD")"
    [ "$database" = postgres ] || printf 'CREATE DATABASE "%s";\n' "$(name "$database")"
  } | "$POSTGRES_BIN/postgres" --single -D "$PGDATA" postgres >/dev/null
fi

# One container, one writer: a lock file of a predecessor that was killed names a process 1 that is gone.
rm -f "$PGDATA/postmaster.pid"
mkdir -p /run/postgresql
exec "$POSTGRES_BIN/postgres" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql "$@"
