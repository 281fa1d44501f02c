#!/usr/bin/env bash
# Build everything and run every test. As root on Debian it installs what the browser and database tests need;
# otherwise it uses what is there and the tests that cannot run are reported as skipped, with the reason.
# Usage: ./test.sh [arguments for dotnet test, e.g. --filter-class '*Regimen*']
set -uo pipefail
cd "$(dirname "$0")"

wanted=(chromium postgresql libfontconfig1 fonts-dejavu-core)
missing=()
for package in "${wanted[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if ((${#missing[@]})) && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >/tmp/euthymia-apt.log 2>&1 \
        || { echo "Could not install ${missing[*]}: see /tmp/euthymia-apt.log. The tests that need them are skipped."; }
fi

# A throw-away PostgreSQL cluster of our own, on a free port of the loopback interface, gone at the end.
cluster=$(mktemp -d)
stop_postgres() {
    [ -f "$cluster/data/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$cluster/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$cluster"
}
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
trap stop_postgres EXIT
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "${EUTHYMIA_TEST_POSTGRES:-}" ] && [ -n "$bin" ]; then
    [ "$(id -u)" = 0 ] && chown postgres "$cluster"
    port=$((20000 + RANDOM % 20000))
    if as_postgres "$bin/initdb" -D "$cluster/data" -U euthymia -A trust >"$cluster.log" 2>&1 \
        && as_postgres "$bin/pg_ctl" -D "$cluster/data" -w -l "$cluster/server.log" \
            -o "-c port=$port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster -c fsync=off -c max_connections=200" start >>"$cluster.log" 2>&1; then
        export EUTHYMIA_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=euthymia;Database=postgres"
    else
        echo "PostgreSQL could not be started (see $cluster.log): its tests are skipped."
    fi
fi
[ -n "${EUTHYMIA_TEST_POSTGRES:-}" ] || echo "No PostgreSQL: its tests are skipped."
command -v chromium >/dev/null || echo "No Chromium: the browser tests are skipped."

log=$(mktemp)
dotnet build Euthymia.slnx --nologo -v quiet || { echo "0 passed, 1 failed"; exit 1; }
dotnet test --solution Euthymia.slnx --no-build --no-progress "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
# The names of what failed, once more, where nobody has to look for them.
grep -E '^failed ' "$log" | sort -u
count() { grep -E "^ *$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' | head -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
rm -f "$log"
[ "$status" = 0 ] || [ "${failed:-0}" != 0 ] || failed=1
echo "${passed:-0} passed, ${failed:-1} failed$([ "${skipped:-0}" = 0 ] || echo ", $skipped skipped")"
exit "$status"
