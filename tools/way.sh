# shellcheck shell=bash
# Where the hub runs: natively, on servers that are given, in containers, or elsewhere; sourced by hub, with $root and $state set.

compose() { docker compose --progress quiet "${composition[@]}" "$@"; }

# What .env decides for compose it decides natively too.
read_settings() {
  local name value
  [ -f "$root/.env" ] || return 0
  while IFS='=' read -r name value; do if [ -z "${!name:-}" ]; then export "$name=$value"; fi; done < <(grep -E '^HUB_[A-Z_]+=.' "$root/.env" || true)
}

# With HUB_TLS_DIRECTORY the hub's programs speak TLS with the certificates in it, whichever the way.
read_composition() {
  composition=(-f "$root/docker-compose.yml")
  [ -n "${HUB_TLS_DIRECTORY:-}" ] || return 0
  case $HUB_TLS_DIRECTORY in /*) ;; *) export HUB_TLS_DIRECTORY=$root/$HUB_TLS_DIRECTORY ;; esac
  composition+=(-f "$root/docker-compose.tls.yml")
}

any_process() { # whether a service that ./hub started is alive
  local file pid since stat
  for file in "$state"/run/*.pid; do
    read -r pid since _ 2>/dev/null <"$file" || continue
    stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
    stat=${stat##*) }; set -- $stat
    if [ "${20}" = "$since" ]; then return 0; fi
  done
  return 1
}

# native or given: processes of this machine. docker: compose's containers, whoever started them. elsewhere: HUB_…_URL say where.
running_way() {
  if [ -n "${HUB_IDENTITY_URL:-}" ]; then printf elsewhere
  elif any_process; then cat "$state/way"
  elif docker_answers && [ -n "$(compose ps -q --status running 2>/dev/null)" ]; then printf docker
  fi
}

# A hub that was stopped keeps its data where it ran.
kept_way() { if [ ! -d "$state/secrets" ]; then :; elif [ -n "${HUB_POSTGRES:-}" ]; then printf given; else printf native; fi; }

need_running() {
  way=$(running_way)
  [ -n "$way" ] || { say "The hub is not running. Start it: ./hub up" >&2; exit 3; }
}

choose_way() { # choose_way [RUNNING]: sets $way
  if [ -n "$forced" ]; then way=$forced; why="as asked"
  elif [ -n "${1:-}" ]; then way=$1; why="its data are there"
  elif [ -n "${HUB_POSTGRES:-}${HUB_RABBITMQ:-}" ]; then way=given; why="HUB_POSTGRES and HUB_RABBITMQ are set"
  elif docker_answers && docker compose version >/dev/null 2>&1; then way=docker; why="a Docker engine answers"
  else way=native; why="no connection strings are given and no Docker engine answers"
  fi
  if [ "$way" = docker ] && ! docker_answers; then fail "no Docker engine answers" "Start it, or use ./hub … --native"; fi
  if [ "$way" = given ] && { [ -z "${HUB_POSTGRES:-}" ] || [ -z "${HUB_RABBITMQ:-}" ] || [ -z "${HUB_RABBITMQ_MANAGEMENT:-}" ]; }; then
    fail "given servers need HUB_POSTGRES, HUB_RABBITMQ and HUB_RABBITMQ_MANAGEMENT, all three" "./hub help says what each is"
  fi
  say "way: $way ($why)" >&2
}

# The files that a verb is given are named as the caller sees them, in a container too.
run_in_container() { # run_in_container SERVICE WORD…
  local service=$1 argument previous="" words=() options=() path
  shift
  [ -t 0 ] && [ -t 1 ] || options+=(-T)
  mkdir -p "$state/backups"
  options+=(-e "HUB_OPERATOR=${SUDO_USER:-$(id -un)}" -e "HUB_STATE_DIRECTORY=$state" -v "$state/backups:$state/backups")
  for argument in "$@"; do
    path=""
    case $previous in
      --to | --secrets-to) mkdir -p "$argument"; path=$(cd "$argument" && pwd); options+=(-v "$path:$path") ;;
      --key | --new-key | --secrets) [ "$argument" = - ] || path=$(absolute "$argument") ;;
      *) [ ! -f "$argument" ] || path=$(absolute "$argument") ;;
    esac
    case $previous in --to | --secrets-to) ;; *) [ -z "$path" ] || options+=(-v "${path%/*}:${path%/*}") ;; esac
    previous=$argument
    words+=("${path:-$argument}")
  done
  compose run --rm --no-deps "${options[@]}" "$service" "${words[@]}"
}

absolute() { printf '%s/%s' "$(cd "$(dirname "$1")" && pwd)" "$(basename "$1")"; }
