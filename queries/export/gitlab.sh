#!/bin/sh
# title: what GitLab says of projects, of what has access to them, and of their groups
# run:   sh gitlab.sh [--out FOLDER] HOST/GROUP/NAME... | --group HOST/GROUP
# needs: glab (https://gitlab.com/gitlab-org/cli), logged in to HOST; jq; a POSIX shell
#
# Asks with your own glab and nothing else, and only reads (GET). Each answer is a file at its own
# address below FOLDER, such as gitlab.com/projects/GROUP%2FNAME/variables.json; what GitLab refuses
# (403, 404) is there too, so that coverage can say "not permitted". Then:
# nhigraph assess CHECKOUT FOLDER.
# GitLab's listings show values of variables and of trigger tokens: jq takes them away before
# anything is written, and descriptions with them. Of webhooks only scheme and host of the address
# are kept, and names of headers. Names of people, their electronic mail, and addresses of machines
# are left out.
set -eu

usage() {
  cat <<'END'
usage: gitlab.sh [--out FOLDER] HOST/GROUP/NAME...
       gitlab.sh [--out FOLDER] --group HOST/GROUP

Fetches what GitLab lists of projects (or of all projects of a group) and of the groups around
them, with your own glab, into FOLDER (default: gitlab-export), which must be new or empty.
Read-only: every request is a GET. What you may not read is told and left out.

Most is for Maintainers: variables, tokens, webhooks, runners and what is protected. What is a
group's needs its Owner, what is the server's an administrator; your token needs the scope api or
read_api.
END
}

fail() {
  printf 'gitlab.sh: %s\n' "$1" >&2
  exit 2
}

out=gitlab-export
group=""
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --out | --group)
      [ $# -gt 1 ] || fail "$1 needs a value (see --help)"
      if [ "$1" = --out ]; then out=$2; else group=$2; fi
      shift 2
      ;;
    -*) fail "unknown option $1 (see --help)" ;;
    *) break ;;
  esac
done

part='[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?'
server='[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?'
is() { # TEXT PATTERN
  [ "$(printf '%s' "$1" | wc -l)" -eq 0 ] && printf '%s\n' "$1" | grep -Eqx "$2"
}
if [ -n "$group" ]; then
  [ $# -eq 0 ] || fail "give projects or --group, not both"
  is "$group" "$server(/$part)+" || fail "--group: expected HOST/GROUP, such as gitlab.com/acme"
else
  [ $# -gt 0 ] || fail "give HOST/GROUP/NAME or --group HOST/GROUP (see --help)"
fi
for name in "$@"; do
  is "$name" "$server(/$part){2,}" || fail "expected HOST/GROUP/NAME, such as gitlab.com/acme/books"
done
for tool in glab jq; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
for name in ${group:+"$group"} "$@"; do
  glab auth status --hostname "${name%%/*}" >/dev/null 2>&1 ||
    fail "glab is not logged in to ${name%%/*}: run glab auth login"
done
mkdir -p "$out"
[ -z "$(ls -A "$out")" ] || fail "$out is not empty: answers of two days do not mix, give another"

asked=0
refused=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

encoded() { # PATH: as in an address
  printf '%s' "$1" | sed 's,/,%2F,g'
}

# ask HOST ADDRESS FILTER: all pages of one listing through a filter of jq, which has them as an
# array of pages; false where it was refused. No answer touches the disk before the filter.
ask() {
  {
    code=0
    glab api --hostname "$1" --method GET --paginate "$2" 2>"$work/error" || code=$?
    printf '%s' "$code" >"$work/code"
  } | jq -s "$3" 2>"$work/filter" || return 1
  [ "$(cat "$work/code")" = 0 ]
}

# fetch HOST ADDRESS FILTER: one answer, at its own place.
fetch() {
  file=$out/$1/${2%%\?*}.json
  into "$file" "$@"
}

into() { # FILE HOST ADDRESS FILTER
  asked=$((asked + 1))
  mkdir -p "${1%/*}"
  if ask "$2" "$3" "$4" >"$1"; then return 0; fi
  # A body that is an error was no listing: the refusal is written in GitLab's form, without it.
  status=$(sed -n 's/.*HTTP \([0-9][0-9]*\).*/\1/p' "$work/error" | head -n 1)
  printf '{"message": "%s", "status": "%s"}\n' "${status:-no answer}" "$status" >"$1"
  printf 'not permitted: %s (HTTP %s)\n' "$2/${3%%\?*}" "${status:-none}" >&2
  refused=$((refused + 1))
  return 1
}

# list HOST ADDRESS FILTER: texts out of a listing, one a line; nothing where it is refused.
list() {
  ask "$1" "$2" "$3" 2>/dev/null | jq -r . || true
}

page='per_page=100'
# All items of all pages; an answer that is none of them makes jq fail, and so is refused.
items='map(if type == "array" then . else error("no listing") end) | add // []'
one='.[0] | if type == "object" then . else error("no record") end'
levels='def levels: map({id, access_level, user_id, group_id, deploy_key_id});'
variable_fields="$items | map({key, variable_type, protected, masked, hidden, raw} +
  (if has(\"environment_scope\") then {environment_scope} else {} end))"
member_fields="$items | map({id, username, state, access_level, expires_at, created_at,
  membership_state, member_role: (if .member_role then {id: .member_role.id} else null end)})"
access_token_fields="$items | map({id, name, user_id, scopes, access_level, active, revoked,
  created_at, expires_at, last_used_at})"
deploy_token_fields="$items | map({id, name, username, scopes, revoked, expired, expires_at})"
deploy_key_fields="$items | map({id, title, can_push, created_at, expires_at})"
trigger_fields="$items | map({id, description, created_at, updated_at, last_used,
  owner: (if .owner then .owner | {id, username, state} else null end)})"
schedule='{id, ref, cron, cron_timezone, active, created_at, updated_at,
  owner: (if .owner then .owner | {id, username, state} else null end)}'
hook_fields="$items | map({id, created_at, alert_status, enable_ssl_verification,
  custom_headers: ((.custom_headers // []) | map({key})),
  url_variables: ((.url_variables // []) | map({key})),
  url: ((.url // \"\") | [match(\"^(https?://)(?:[^/@?#]*@)?([^/?#:@]+)\").captures[].string]
    | add // \"\")} + with_entries(select(.key | endswith(\"_events\"))))"
listed_runner_fields="$items | map({id, description, runner_type, is_shared, active, paused})"
runner_fields="$one | {id, description, runner_type, is_shared, active, paused, tag_list,
  run_untagged, locked, access_level, maximum_timeout,
  projects: ((.projects // []) | map({id, path_with_namespace})),
  groups: ((.groups // []) | map({id, web_url}))}"
branch_rule_fields="$levels $items | map({id, name, allow_force_push,
  code_owner_approval_required, inherited,
  push_access_levels: (.push_access_levels // [] | levels),
  merge_access_levels: (.merge_access_levels // [] | levels),
  unprotect_access_levels: (.unprotect_access_levels // [] | levels)})"
tag_fields="$levels $items | map({name,
  create_access_levels: (.create_access_levels // [] | levels)})"
environment_fields="$levels $items | map({name, required_approval_count,
  deploy_access_levels: (.deploy_access_levels // [] | levels),
  approval_rules: ((.approval_rules // []) | map({id, access_level, user_id, group_id,
    required_approvals}))})"
approval_fields="$items | map({id, name, rule_type, approvals_required,
  applies_to_all_protected_branches,
  eligible_approvers: ((.eligible_approvers // []) | map({id, username, state})),
  protected_branches: ((.protected_branches // []) | map({name}))})"
shared='((.shared_with_groups // []) | map({group_id, group_full_path, group_access_level,
  expires_at}))'
project_fields="$one | {id, path_with_namespace, default_branch, visibility, archived,
  ci_config_path, forking_access_level, builds_access_level, shared_runners_enabled,
  group_runners_enabled, ci_allow_fork_pipelines_to_run_in_parent_project,
  ci_job_token_scope_enabled, ci_push_repository_for_job_token_allowed,
  ci_pipeline_variables_minimum_override_role, restrict_user_defined_variables,
  only_allow_merge_if_pipeline_succeeds, allow_merge_on_skipped_pipeline, public_jobs,
  shared_with_groups: $shared} | with_entries(select(.value != null))"
group_fields="$one | {id, full_path, web_url, visibility, shared_with_groups: $shared}"

members() { # HOST ADDRESS: what projects and groups both have
  fetch "$1" "$2/variables?$page" "$variable_fields" || true
  fetch "$1" "$2/members/all?$page" "$member_fields" || true
  fetch "$1" "$2/access_tokens?$page" "$access_token_fields" || true
  fetch "$1" "$2/deploy_tokens?$page" "$deploy_token_fields" || true
  fetch "$1" "$2/hooks?$page" "$hook_fields" || true
  fetch "$1" "$2/protected_environments?$page" "$environment_fields" || true
  if fetch "$1" "$2/runners?$page" "$listed_runner_fields"; then
    jq -r '.[].id' "$file" >>"$work/runners-$1"
  fi
}

project() { # HOST PATH
  at=projects/$(encoded "$2")
  fetch "$1" "$at" "$project_fields" || return 0
  branch=$(jq -r '.default_branch // ""' "$file")
  members "$1" "$at"
  fetch "$1" "$at/deploy_keys?$page" "$deploy_key_fields" || true
  fetch "$1" "$at/triggers?$page" "$trigger_fields" || true
  if fetch "$1" "$at/pipeline_schedules?$page" "$items | map($schedule)"; then
    for id in $(jq -r '.[].id' "$file"); do
      fetch "$1" "$at/pipeline_schedules/$id" "$one | $schedule + {variables:
        ((.variables // []) | map({key, variable_type}))}" || true
    done
  fi
  fetch "$1" "$at/protected_branches?$page" "$branch_rule_fields" || true
  fetch "$1" "$at/protected_tags?$page" "$tag_fields" || true
  if [ -n "$branch" ]; then
    branch=$(printf '%s' "$branch" | jq -sRr @uri)
    fetch "$1" "$at/repository/branches/$branch" \
      "$one | {name, protected, default, developers_can_push, developers_can_merge}" || true
    into "$out/$1/$at/branches/$branch/approval_rules.json" "$1" "$at/approval_rules?$page" \
      "$approval_fields" || true
  fi
  fetch "$1" "$at/job_token_scope" "$one | {inbound_enabled, outbound_enabled}" || true
  fetch "$1" "$at/job_token_scope/allowlist?$page" "$items | map({id, path_with_namespace})" || true
  fetch "$1" "$at/job_token_scope/groups_allowlist?$page" "$items | map({id, web_url})" || true
}

around() { # HOST PATH: the groups around a project, from the outermost
  path=${2%/*}
  outer=""
  while [ -n "$path" ]; do
    outer=${outer:+$outer/}${path%%/*}
    printf '%s %s\n' "$1" "$outer"
    case $path in */*) path=${path#*/} ;; *) path="" ;; esac
  done
}

group() { # HOST PATH
  at=groups/$(encoded "$2")
  # What is no group is somebody's own namespace, which lists nothing.
  fetch "$1" "$at" "$group_fields" && members "$1" "$at"
}

if [ -n "$group" ]; then
  host=${group%%/*}
  at=groups/$(encoded "${group#*/}")
  list "$host" "$at/projects?include_subgroups=true&with_shared=false&archived=false&$page" \
    "$items | .[].path_with_namespace" | sed "s,^,$host/," >"$work/names"
  [ -s "$work/names" ] || fail "no project of $group is shown to you"
else
  printf '%s\n' "$@" | sort -u >"$work/names"
fi
while IFS= read -r name <&4; do
  printf 'reading %s\n' "$name" >&2
  project "${name%%/*}" "${name#*/}"
  around "${name%%/*}" "${name#*/}" >>"$work/groups"
done 4<"$work/names"
sort -u "$work/groups" >"$work/around"
while IFS=' ' read -r host path <&4; do
  printf 'reading %s/%s\n' "$host" "$path" >&2
  group "$host" "$path" || true
done 4<"$work/around"
cut -d / -f 1 "$work/names" | sort -u >"$work/hosts"
while IFS= read -r host <&4; do
  fetch "$host" "admin/ci/variables?$page" "$variable_fields" || true
  [ -e "$work/runners-$host" ] || continue
  for id in $(sort -un "$work/runners-$host"); do
    fetch "$host" "runners/$id" "$runner_fields" || true
  done
done 4<"$work/hosts"
printf '%s asked, %s not permitted: see %s\n' "$asked" "$refused" "$out" >&2
