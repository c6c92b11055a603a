#!/usr/bin/env bash
# title: what GitHub says of repositories, of what has access to them, and of their organization
# run:   bash github.sh [--out FOLDER] OWNER/NAME... | --org OWNER
# needs: gh (https://cli.github.com), logged in; bash 3.2 or newer
#
# Asks with your own gh and nothing else, and only reads (GET). Each answer is a file at its own
# address below FOLDER, such as repos/OWNER/NAME/keys.json; what GitHub refuses (403, 404) is there
# too, so that coverage can say "not permitted". Then: nhigraph assess CHECKOUT FOLDER.
# Values of secrets GitHub tells nobody. Of webhooks only scheme and host of the address are kept,
# and that there is a secret. Of variables only names are kept, and values that are nothing but a
# label of machines (such as ubuntu-24.04 or self-hosted). Electronic mail addresses are left out.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: github.sh [--out FOLDER] OWNER/NAME...
       github.sh [--out FOLDER] --org OWNER

Fetches what GitHub lists of repositories (or of all of an organization) and of their
organization, with your own gh, into FOLDER (default: github-export), which must be new or empty.
Read-only: every request is a GET. What you may not read is told and left out.

Most is for administrators: webhooks, deploy keys and secrets' names of a repository need its
administrator or those who may push; what is the organization's needs an owner, with the scope
admin:org (gh auth refresh -s admin:org). Fine-grained tokens of people are shown to apps alone.
EOF
}

fail() {
  printf 'github.sh: %s\n' "$1" >&2
  exit 2
}

out=github-export
org=""
names=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --out | --org)
      [ $# -gt 1 ] || fail "$1 needs a value (see --help)"
      if [ "$1" = --out ]; then out=$2; else org=$2; fi
      shift 2
      ;;
    -*) fail "unknown option $1 (see --help)" ;;
    *)
      names+=("$1")
      shift
      ;;
  esac
done

owner_form='[A-Za-z0-9][A-Za-z0-9_-]{0,38}'
if [ -n "$org" ]; then
  [ ${#names[@]} -eq 0 ] || fail "give repositories or --org, not both"
  [[ $org =~ ^$owner_form$ ]] || fail "--org: expected the name of an organization"
else
  [ ${#names[@]} -gt 0 ] || fail "give OWNER/NAME or --org OWNER (see --help)"
fi
for name in ${names[@]+"${names[@]}"}; do
  [[ $name =~ ^$owner_form/[A-Za-z0-9._-]{1,100}$ && ${name#*/} != . && ${name#*/} != .. ]] ||
    fail "expected OWNER/NAME, such as acme/books"
done
command -v gh >/dev/null || fail "gh is not installed: https://cli.github.com"
gh auth status >/dev/null 2>&1 || fail "gh is not logged in: run gh auth login"
mkdir -p "$out"
[ -z "$(ls -A "$out")" ] || fail "$out is not empty: answers of two days do not mix, give another"

asked=0
refused=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch ADDRESS FILE FILTER: one listing, all its pages, into a file; false where it was refused.
fetch() {
  local file=$out/$2.json status
  asked=$((asked + 1))
  mkdir -p "${file%/*}"
  if gh api --method GET --paginate -H 'Accept: application/vnd.github+json' \
    -H 'X-GitHub-Api-Version: 2022-11-28' --jq "$3" "$1" >"$file" 2>"$work/error"; then
    return 0
  fi
  status=$(sed -n 's/.*(HTTP \([0-9]*\)).*/\1/p' "$work/error" | head -n 1)
  # Without a body, or with one that is no answer of the API, the refusal is written in its form.
  if ! grep -q '"documentation_url"' "$file"; then
    printf '{"message": "no answer", "documentation_url": "https://docs.github.com/rest", "status": "%s"}\n' \
      "$status" >"$file"
  fi
  printf 'not permitted: %s (HTTP %s)\n' "${1%%\?*}" "${status:-none}" >&2
  refused=$((refused + 1))
  return 1
}

# list ADDRESS FILTER: names out of a listing, one a line; nothing where it is refused.
list() {
  gh api --method GET --paginate -H 'Accept: application/vnd.github+json' \
    -H 'X-GitHub-Api-Version: 2022-11-28' --jq "$2" "$1" 2>/dev/null || true
}

page='per_page=100'
whole='.'
secret_fields='.secrets |= map({name, created_at, updated_at} +
  (if .visibility then {visibility} else {} end))'
repository_fields='{full_name, name, default_branch, visibility, private, archived, url,
  owner: {login: .owner.login, type: .owner.type}}'
branch_fields='{name, protected, protection_url, commit: {url: .commit.url}}'
hook_fields='map({type, id, name, active, events, url, created_at, updated_at, config: {
  content_type: .config.content_type, insecure_ssl: .config.insecure_ssl,
  secret: (if .config.secret then "********" else null end),
  url: ((.config.url // "") | [match("^(https?://)(?:[^/@?#]*@)?([^/?#:@]+)").captures[].string]
    | add)}})'
account_fields='map({login, id, type, site_admin} + (if .permissions then {permissions, role_name}
  else {} end))'
team_fields='map({id, name, slug, permission, members_url} +
  (if .permissions then {permissions} else {} end) +
  {parent: (if .parent then {slug: .parent.slug} else null end)})'
key_fields='map({id, key, url, title, verified, created_at, read_only, added_by, last_used, enabled})'
app_fields='.installations |= map({id, account: {login: .account.login}, repository_selection,
  app_id, app_slug, permissions, events, created_at, updated_at, suspended_at})'
token_fields='map({id, owner: {login: .owner.login}, repository_selection, permissions,
  access_granted_at, token_id, token_name, token_expired, token_expires_at, token_last_used_at})'
variable_fields='.variables |= map(if ((.value // "") |
  test("^(self-hosted|linux|windows|macos|x64|arm64?|(ubuntu|windows|macos)-[a-z0-9.-]{1,40})$"; "i"))
  then . else del(.value) end)'
selection_fields='{total_count, repositories: [.repositories[] | {id, name, full_name}]}'

stores() { # ADDRESS: secrets of the three stores
  local store
  for store in actions dependabot codespaces; do
    fetch "$1/$store/secrets?$page" "$1/$store/secrets" "$secret_fields" || true
  done
}

rulesets() { # ADDRESS
  local id
  if fetch "$1/rulesets?$page" "$1/rulesets" '[.[] | {id, name, target, enforcement, source,
    source_type}]'; then
    for id in $(list "$1/rulesets?$page" '.[].id'); do
      fetch "$1/rulesets/$id" "$1/rulesets/$id" "$whole" || true
    done
  fi
}

repository() { # OWNER/NAME
  local at=repos/$1 branch name
  fetch "$at" "$at" "$repository_fields" || return 0
  fetch "$at/actions/permissions/workflow" "$at/actions/permissions/workflow" "$whole" || true
  fetch "$at/actions/oidc/customization/sub" "$at/actions/oidc/customization/sub" "$whole" || true
  fetch "$at/actions/workflows?$page" "$at/actions/workflows" "$whole" || true
  stores "$at"
  for name in secrets variables; do
    local filter=$secret_fields
    [ $name = secrets ] || filter=$variable_fields
    fetch "$at/actions/organization-$name?$page" "$at/actions/organization-$name" "$filter" || true
  done
  fetch "$at/actions/variables?$page" "$at/actions/variables" "$variable_fields" || true
  fetch "$at/actions/runners?$page" "$at/actions/runners" "$whole" || true
  fetch "$at/keys?$page" "$at/keys" "$key_fields" || true
  fetch "$at/hooks?$page" "$at/hooks" "$hook_fields" || true
  fetch "$at/collaborators?$page" "$at/collaborators" "$account_fields" || true
  fetch "$at/teams?$page" "$at/teams" "$team_fields" || true
  branch=$(list "$at" '.default_branch // "" | @uri')
  if [ -n "$branch" ]; then
    fetch "$at/branches/$branch" "$at/branches/$branch" "$branch_fields" || true
    fetch "$at/branches/$branch/protection" "$at/branches/$branch/protection" "$whole" || true
    fetch "$at/rules/branches/$branch?$page" "$at/rules/branches/$branch" "$whole" || true
  fi
  rulesets "$at"
  if fetch "$at/environments?$page" "$at/environments" "$whole"; then
    list "$at/environments?$page" '.environments[].name | @uri' >"$work/environments"
    while IFS= read -r name <&3; do
      local inside=$at/environments/$name
      fetch "$inside/secrets?$page" "$inside/secrets" "$secret_fields" || true
      fetch "$inside/variables?$page" "$inside/variables" "$variable_fields" || true
      fetch "$inside/deployment-branch-policies?$page" "$inside/deployment-branch-policies" \
        "$whole" || true
      fetch "$inside/deployment_protection_rules" "$inside/deployment_protection_rules" \
        "$whole" || true
    done 3<"$work/environments"
  fi
}

organization() { # OWNER
  local at=orgs/$1 name
  fetch "$at/actions/permissions/workflow" "$at/actions/permissions/workflow" "$whole" || true
  fetch "$at/actions/oidc/customization/sub" "$at/actions/oidc/customization/sub" "$whole" || true
  stores "$at"
  for name in $(list "$at/actions/secrets?$page" \
    '.secrets[] | select(.visibility == "selected").name | @uri'); do
    fetch "$at/actions/secrets/$name/repositories?$page" \
      "$at/actions/secrets/$name/repositories" "$selection_fields" || true
  done
  fetch "$at/actions/variables?$page" "$at/actions/variables" "$variable_fields" || true
  fetch "$at/actions/runners?$page" "$at/actions/runners" "$whole" || true
  if fetch "$at/actions/runner-groups?$page" "$at/actions/runner-groups" "$whole"; then
    for name in $(list "$at/actions/runner-groups?$page" '.runner_groups[].id'); do
      fetch "$at/actions/runner-groups/$name/runners?$page" \
        "$at/actions/runner-groups/$name/runners" "$whole" || true
      fetch "$at/actions/runner-groups/$name/repositories?$page" \
        "$at/actions/runner-groups/$name/repositories" "$selection_fields" || true
    done
  fi
  fetch "$at/installations?$page" "$at/installations" "$app_fields" || true
  fetch "$at/personal-access-tokens?$page" "$at/personal-access-tokens" "$token_fields" || true
  fetch "$at/hooks?$page" "$at/hooks" "$hook_fields" || true
  fetch "$at/outside_collaborators?$page" "$at/outside_collaborators" "$account_fields" || true
  rulesets "$at"
  if fetch "$at/teams?$page" "$at/teams" "$team_fields"; then
    for name in $(list "$at/teams?$page" '.[].slug | @uri'); do
      fetch "$at/teams/$name/members?$page" "$at/teams/$name/members" "$account_fields" || true
    done
  fi
}

if [ -n "$org" ]; then
  list "orgs/$org/repos?$page" '.[].full_name' >"$work/names"
  [ -s "$work/names" ] || fail "no repository of $org is shown to you"
else
  printf '%s\n' "${names[@]}" | sort -u >"$work/names"
fi
while IFS= read -r name <&4; do
  printf 'reading %s\n' "$name" >&2
  repository "$name"
done 4<"$work/names"
cut -d / -f 1 "$work/names" | sort -fu >"$work/owners"
while IFS= read -r name <&4; do
  if [ "$(list "users/$name" .type)" = Organization ]; then
    printf 'reading %s\n' "$name" >&2
    organization "$name"
  fi
done 4<"$work/owners"
printf '%s asked, %s not permitted: see %s\n' "$asked" "$refused" "$out" >&2
