# shellcheck shell=bash
# What hub and the test runner have in common; sourced, with $root and $state set.

say() { printf '%s\n' "$*"; }
fail() { printf '\nFAILED: %s\n' "$1" >&2; shift; for line in "$@"; do printf '  %s\n' "$line" >&2; done; exit 1; }

# Runs a long command with its output in a log, showing that time passes.
watched() { # watched TITLE LOG COMMAND…
  local title=$1 log=$2 began=$SECONDS pid rc=0 tick=0
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM # a script's background job does not hear Ctrl-C
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    tick=$((tick + 1))
    if [ -t 1 ]; then printf '\r%s … %d s ' "$title" $((SECONDS - began))
    elif [ $((tick % 40)) = 0 ]; then say "$title … $((SECONDS - began)) s"; fi
  done
  wait "$pid" || rc=$?
  trap - INT TERM
  if [ -t 1 ]; then printf '\r\033[K'; fi
  return $rc
}

# As above, and says how it ended; on failure shows the log's end.
step() { # step TITLE LOG COMMAND…
  local began=$SECONDS rc=0
  watched "$@" || rc=$?
  if [ $rc = 0 ]; then say "$1: done in $((SECONDS - began)) s"; return; fi
  say "$1: failed after $((SECONDS - began)) s"
  tail -25 "$2" >&2
  return $rc
}

# The SDK and NuGet keep things under HOME, which a bare container or cron job may not have.
ensure_home() {
  if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then mkdir -p "$state/home"; export HOME=$state/home; fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

need_dotnet() {
  if command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null | grep -q '^10\.0\.'; then return; fi
  fail "the .NET 10 SDK is not installed (global.json asks for 10.0.100 or later)" \
    "Any Linux:  curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH=\$HOME/.dotnet:\$PATH" \
    "Packages:   https://learn.microsoft.com/dotnet/core/install/linux (package dotnet-sdk-10.0)" \
    "With Docker no SDK is needed: ./hub demo --docker"
}

docker_answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

build() { # build TARGET…: Release, warnings are errors
  need_dotnet
  local target
  for target in "$@"; do
    step "building ${target#"$root"/}" "$state/logs/build.log" dotnet build -c Release -v quiet -clp:NoSummary "$target" >&2 \
      || fail "the build" "Log: $state/logs/build.log" "Restore needs NuGet: is api.nuget.org reachable?"
  done
}

# What runs as a service is compiled to native code as well: otherwise its first requests would wait for that.
build_programs() {
  build "$root/infra/hub.slnf"
  step "compiling to native code" "$state/logs/ready-to-run.log" "$root/tools/ready-to-run/ready-to-run" "$state/ready-to-run" \
    "$root"/{services/*,infra/identity,tools/hub-cli,tools/demo}/bin/Release/net10.0 >&2 \
    || say "the programs will compile themselves as they run. Log: $state/logs/ready-to-run.log" >&2
}

# As root the servers run as users of their own, who may not be able to enter the repository's folder.
servers_folder() {
  if [ "$(id -u)" != 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$root" 2>/dev/null; then printf '%s' "$state/$1"
  else printf '/var/lib/safeguarding-hub-%s/%s' "$(printf '%s' "$root" | cksum | cut -d' ' -f1)" "$1"
  fi
}

# So are the services: the state then lies beside the servers, and .hub is a link.
place_state() {
  if [ "$(servers_folder x)" = "$state/x" ] || [ -n "${HUB_STATE_DIRECTORY:-}" ]; then return; fi
  local place; place=$(dirname "$(servers_folder x)")
  mkdir -p "$place"; chmod 711 "$place"
  if [ -d "$state" ]; then cp -a "$state/." "$place/"; rm -rf "$state"; fi
  ln -s "$place" "$state"
  state=$place
}
