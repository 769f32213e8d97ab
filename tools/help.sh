# shellcheck shell=bash
# Help, and what is said to an unknown word; sourced by hub, with $root and $texts set. No build is needed for it.

# The words that a help text knows.
misused() { # misused WHAT WORD KNOWN…
  local what=$1 word=$2 near
  shift 2
  near=$(printf '%s\n' "$@" | awk -v word="$word" '
    function min(a, b) { return a < b ? a : b }
    { n = length(word); m = length($0)
      for (i = 0; i <= n; i++) d[i, 0] = i
      for (j = 0; j <= m; j++) d[0, j] = j
      for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) {
        cost = substr(word, i, 1) != substr($0, j, 1)
        d[i, j] = min(min(d[i-1, j] + 1, d[i, j-1] + 1), d[i-1, j-1] + cost)
        if (i > 1 && j > 1 && substr(word, i, 1) == substr($0, j-1, 1) && substr(word, i-1, 1) == substr($0, j, 1)) d[i, j] = min(d[i, j], d[i-2, j-2] + 1)
      }
      if (best == "" || d[n, m] < least) { best = $0; least = d[n, m] } }
    END { if (least <= 3) print best }')
  printf 'There is no %s %s.%s\nNothing was done. ./hub help lists what there is.\n' "$what" "$word" "${near:+ Did you mean $near?}" >&2
  exit 2
}

read_help() { # read_help VERB WORD…: prints and ends where help is asked for; ends where a word is unknown
  local verb=$1 text argument known
  shift
  case $verb in
    "" | help | -h | --help) [ -n "${1:-}" ] && [ -f "$texts/$1.txt" ] || { cat "$texts/hub.txt"; exit 0; }; cat "$texts/$1.txt"; exit 0 ;;
  esac
  text=$texts/$verb.txt
  [ -f "$text" ] || misused verb "$verb" $(cd "$texts" && ls | grep -v -e '^hub\.' -e '\..*\.' | sed 's/\.txt$//')
  if [ -f "$texts/$verb.${1:-}.txt" ]; then text=$texts/$verb.$1.txt
  elif compgen -G "$texts/$verb.*.txt" >/dev/null && [ -n "${1:-}" ] && [[ $1 != -* ]]; then
    misused "order of $verb," "$1" $(cd "$texts" && ls "$verb".*.txt | sed -E 's/^[^.]*\.(.*)\.txt$/\1/')
  fi
  for argument in "$@"; do case $argument in -h | --help) cat "$text"; exit 0 ;; esac; done
  known=$(grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' "$text" | tr -d ' ,'; printf '%s\n' --native --docker)
  for argument in "$@"; do
    case $argument in
      -) ;;
      -*) grep -qxF -- "${argument%%=*}" <<<"$known" || misused "option" "${argument%%=*}" $known ;;
    esac
  done
}

runbook() { # runbook [PAGE]
  local page=${1:-README}
  [ -f "$root/docs/runbook/$page.md" ] || misused page "$page" $(cd "$root/docs/runbook" && ls | sed 's/\.md$//')
  cat "$root/docs/runbook/$page.md"
}

completion() { # completion SHELL
  [ -f "$root/tools/hub-cli/completion/${1:-}" ] || misused shell "${1:-}" bash zsh fish
  sed "s|HUB_ROOT|$root|g" "$root/tools/hub-cli/completion/$1"
}
