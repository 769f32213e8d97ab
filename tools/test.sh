# shellcheck shell=bash
# ./hub test; sourced by hub.

test_servers="" job=""
# shellcheck disable=SC2317 # called by trap
drop_test_servers() { if [ -n "$job" ]; then kill "$job" 2>/dev/null || true; fi; if [ -n "$test_servers" ]; then "$root/infra/native/servers" wipe "$test_servers"; fi; }

run_tests() {
  unset HUB_TLS_DIRECTORY # a running hub's
  # What takes minutes (faults, the register of a county) is a step of its own in CI, and what takes an hour runs when it is asked for.
  local names=() filter=(-trait- Run=whole -trait- Run=bounded) patience=1200 name folder
  for name in "$@"; do
    case $name in
      faults) names+=(hub); filter=(-trait Kind=faults); patience=7200 ;;
      faults-bounded) names+=(plan-registry hub); slow=; filter=(-trait Run=bounded); patience=1800 ;;
      *) [ -f "$(echo "$root/tests/$name"/*.Tests.csproj)" ] || fail "there is no test project tests/$name" "There are: $(cd "$root/tests" && ls -d */ | tr -d '/' | tr '\n' ' ')"; names+=("$name") ;;
    esac
  done
  if [ ${#names[@]} = 0 ]; then
    for folder in contracts messaging hosting cli identity plan-registry encounter-ingest matching-rules matching notification clients portal hub; do names+=("$folder"); done
  fi

  choose_test_servers
  mkdir -p "$state/logs"
  if [[ " ${names[*]} " = *" clients "* ]]; then need_node; need_languages; fi
  if [[ " ${names[*]} " = *" portal "* ]]; then need_chromium; fi
  build "$root/Safeguarding.sln"

  start_test_servers

  local passed=0 failed=0 skipped=0 aside=() rc
  if [ ${#names[@]} -gt 1 ]; then
    for name in $slow; do [[ " ${names[*]} " != *" $name "* ]] || aside+=("$name"); done
  fi
  if [ ${#aside[@]} -gt 0 ]; then
    run_aside "${aside[@]}" &
    job=$!
  fi
  for name in "${names[@]}"; do
    if [[ " ${aside[*]} " = *" $name "* ]]; then continue; fi
    rc=0
    watched "tests/$name" "$state/logs/test-$name.log" test_assembly "$name" || rc=$?
    count_assembly "$name" $rc
  done
  if [ -n "$job" ]; then
    watched "tests/${aside[*]}" "$state/logs/wait.log" tail --pid="$job" -f /dev/null || true
    wait "$job" || true
    job=""
    for name in "${aside[@]}"; do count_assembly "$name" "$(cat "$state/logs/test-$name.rc" 2>/dev/null || echo 1)"; done
  fi
  say ""
  if [ $skipped -gt 0 ]; then say "$passed passed, $failed failed, $skipped skipped"; else say "$passed passed, $failed failed"; fi
  [ $failed = 0 ]
}

choose_test_servers() {
  if [ -n "${HUB_TEST_POSTGRES:-}" ] && [ -n "${HUB_TEST_RABBITMQ:-}" ] && [ -z "$forced" ]; then say "way: given (HUB_TEST_POSTGRES and HUB_TEST_RABBITMQ are set)"
  else
    unset HUB_POSTGRES HUB_RABBITMQ # those are a running hub's, and tests bring their own
    choose_way
    unset HUB_TEST_POSTGRES HUB_TEST_RABBITMQ HUB_TEST_RABBITMQ_MANAGEMENT
  fi
}

start_test_servers() {
  if [ "${way:-}" = native ]; then
    test_servers=$(servers_folder "test-servers-$$")
    trap drop_test_servers EXIT
    "$root/infra/native/servers" start "$test_servers" --throw-away 2>&1
    . "$test_servers/servers.env"
    export HUB_TEST_POSTGRES=$HUB_POSTGRES HUB_TEST_RABBITMQ=$HUB_RABBITMQ HUB_TEST_RABBITMQ_MANAGEMENT=$HUB_RABBITMQ_MANAGEMENT
    unset HUB_POSTGRES HUB_RABBITMQ HUB_RABBITMQ_MANAGEMENT
  fi
}

# One of the clients is in TypeScript.
need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then "$root/infra/native/packages" nodejs npm || true; fi
  command -v npm >/dev/null && [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -ge 18 ] \
    || fail "tests/clients needs Node.js 18 or later, with npm" "Debian 12, Ubuntu 24.04 or later: apt-get install nodejs npm"
}

# The samples of receivers are in these too.
need_languages() {
  command -v python3 >/dev/null || "$root/infra/native/packages" python3 || fail "tests/clients needs Python 3.9 or later" "Debian, Ubuntu: apt-get install python3"
  command -v javac >/dev/null || "$root/infra/native/packages" default-jdk-headless || fail "tests/clients needs Java 17 or later" "Debian, Ubuntu: apt-get install default-jdk-headless"
}

# The portal is tried in a real browser: Debian's headless shell is Chromium without the windows.
need_chromium() {
  find_chromium && return
  "$root/infra/native/packages" chromium-headless-shell || "$root/infra/native/packages" chromium || true
  find_chromium || fail "tests/portal needs Chromium" "Debian: apt-get install chromium-headless-shell; elsewhere set HUB_TEST_CHROMIUM to one"
}

find_chromium() {
  local name
  for name in "${HUB_TEST_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then HUB_TEST_CHROMIUM=$(command -v "$name"); export HUB_TEST_CHROMIUM; return; fi
  done
  return 1
}

# Each test starts programs that end within seconds: profiling their code to optimise it would cost a third of the whole.
# Mapping what is compiled twice, so that no page is both written and run, is worth its cost in a service and not here.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

# Run beside the others, one after the other, so that both rows take about as long. The first two wait more than they work (a
# register of 150,000 lines; a hub that starts, stops and is upgraded).
slow="plan-registry cli identity hosting messaging encounter-ingest clients"

run_aside() { # run_aside NAME…: each with its output in its log and its exit code beside it
  local child="" each code
  trap 'if [ -n "$child" ]; then kill "$child" 2>/dev/null; fi; exit 143' TERM
  for each in "$@"; do
    code=0
    rm -f "$state/logs/test-$each.rc"
    test_assembly "$each" >"$state/logs/test-$each.log" 2>&1 &
    child=$!
    wait "$child" || code=$?
    echo "$code" >"$state/logs/test-$each.rc"
  done
}

test_assembly() { # test_assembly NAME: runs it with its output in its log
  exec timeout "$patience" dotnet "$(ls "$root/tests/$1"/bin/Release/net10.0/*.Tests.dll)" "${filter[@]}" -noLogo -noColor
}

count_assembly() { # count_assembly NAME EXIT-CODE: adds to passed, failed, skipped
  local name=$1 rc=$2 log=$state/logs/test-$1.log line total bad skip
  line=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+' "$log" | tail -1 || true)
  if [ -z "$line" ]; then
    tail -25 "$log"
    say "tests/$name: did not end properly. Log: $log"
    failed=$((failed + 1))
    return
  fi
  total=$(sed -E 's/.*Total: ([0-9]+).*/\1/' <<<"$line")
  bad=$(sed -E 's/.*Errors: ([0-9]+), Failed: ([0-9]+).*/\1 \2/' <<<"$line"); bad=$((${bad% *} + ${bad#* }))
  skip=$(sed -E 's/.*Skipped: ([0-9]+).*/\1/' <<<"$line")
  if [ $rc != 0 ] && [ $bad = 0 ]; then bad=1; fi
  passed=$((passed + total - bad - skip)); failed=$((failed + bad)); skipped=$((skipped + skip))
  if [ $bad != 0 ]; then awk '/\[FAIL\]/ { shown = 0; on = 1 } on && shown++ < 12' "$log"; say "tests/$name: $bad of $total failed. Log: $log"
  else say "tests/$name: $total passed$([ "$skip" = 0 ] || echo ", $skip of them skipped") in $(sed -E 's/.*Time: //' <<<"$line")"; fi
}


screenshots() { # pictures of the portal, as its tests see it
  [ $# = 0 ] || misused word "$1"
  export HUB_TEST_SCREENSHOTS=$root/docs/portal
  mkdir -p "$HUB_TEST_SCREENSHOTS"
  run_tests portal
}

mutate() { # mutate [PART] [FILE…] [--sample N] [--quick] [--report]: counts the changes of the code that no test notices
  local part=rules tests=matching-rules
  case ${1:-} in
    rules) shift ;;
    messaging | notification) part=$1 tests=$1; shift ;;
  esac
  if [ $part != rules ] && [[ " $* " != *" --report "* ]]; then choose_test_servers; fi
  cd "$root"
  build "$root/tests/mutation" "$root/tests/$tests"
  dotnet tool restore >/dev/null || fail "restoring the tools" "Is api.nuget.org reachable?"
  if [ $part != rules ] && [[ " $* " != *" --report "* ]]; then start_test_servers; fi
  nice -n 19 dotnet "$root/tests/mutation/bin/Release/net10.0/Safeguarding.Mutation.dll" "$root" "$state" $part "$@"
}
