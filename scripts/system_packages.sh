#!/bin/bash
# Installs what tests of the browser, the network and the other engines need and Python packages cannot give. Without root
# it says what is missing; the tests that need it are then skipped by name, or fail where CI=true.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fontconfig fonts-wqy-microhei)
command -v ip >/dev/null || missing+=(iproute2)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ] || missing+=(mariadb-server)
command -v java >/dev/null || [ -x "${JAVA_HOME:-}/bin/java" ] || missing+=(openjdk-17-jre-headless)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "system packages: missing ${missing[*]}; install them to run the tests that need them:" >&2
    echo "  sudo apt-get install ${missing[*]}" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "system packages: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
if { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    exit 0
fi
tail -n 15 "$log" >&2
echo "system packages: could not install ${missing[*]}; run: apt-get install ${missing[*]}" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
