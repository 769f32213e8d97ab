# shellcheck shell=bash
# The verbs of those who change the hub, beside the tests; sourced by hub, with its functions.

bench() {
  case ${1:-} in linkage | lookup) way=native ;; *) need_running ;; esac
  build "$root/tests/bench"
  tell_programs
  if [ "$way" = native ] && [ -f "$HUB_SERVERS_DIRECTORY/servers.env" ]; then . "$HUB_SERVERS_DIRECTORY/servers.env"; fi
  export HUB_PLAN_REGISTRY_URL=http://localhost:8101 HUB_ENCOUNTER_INGEST_URL=http://localhost:8102 HUB_MATCHING_URL=http://localhost:8103 \
    HUB_NOTIFICATION_URL=http://localhost:8104 HUB_IDENTITY_URL=http://localhost:8105 HUB_ISSUER=http://localhost:8105/ HUB_PORTAL_URL=${HUB_PORTAL_PUBLIC_URL:-http://localhost:8100} \
    HUB_CREDENTIALS_FILE=$state/secrets/credentials/credentials.json HUB_RECEIVER_URL=http://localhost:8110
  exec dotnet "$root/tests/bench/bin/Release/net10.0/Safeguarding.Bench.dll" "$@"
}

format() { # format [--check]
  local layout=format check=(); [ "${1:-}" != --check ] || { layout=check; check=(--verify-no-changes); }
  need_dotnet
  cd "$root" && step "formatting${check[*]:+ (check only)}" "$state/logs/format.log" in_turn "$layout" "${check[@]}" \
    || fail "the format check" "Log: $state/logs/format.log" "Correct it: ./hub format"
}

in_turn() { # what gets new braces is laid out afterwards
  dotnet tool restore || return 1
  [ "$1" = check ] || dotnet format style Safeguarding.sln --severity warn || return 1
  dotnet csharpier "$1" . || return 1
  [ "$1" = format ] || dotnet format style Safeguarding.sln --severity warn "${@:2}"
}
