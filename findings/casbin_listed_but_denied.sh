#!/usr/bin/env bash
# Package:   casbin 1.43.0 (PyPI), plain RBAC model: one role relation, "allow" effect.
# Question:  a user has a role, that role has another, ... ten in a row; the last one holds a
#            permission. Does what casbin lists agree with what casbin decides?
# Guess:     get_implicit_permissions_for_user, get_implicit_users_for_permission and enforce say
#            the same, for any length.
# Behaviour: the list of a user's permissions follows the chain to its end. enforce looks at ten
#            levels, the user being the first; then it answers False and raises nothing. The list
#            of a permission's users asks enforce, so the two listings contradict each other, too.
#            The limit belongs to the role manager: with one made for 100 all agree.
# Meaning:   an inventory taken with the listing calls shows rights that are never given, and
#            replacing a long chain by a direct role grants what the chain did not.
# Seen:      roles  enforce  permissions listed  users listed
#            9      True     1                   1
#            10     False    1                   0
#            10     True     1                   1    (role manager made for 100)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --no-deps casbin==1.43.0 simpleeval==1.0.8

"$folder/venv/bin/python" - <<'PY'
import sys

import casbin
from casbin.rbac.default_role_manager import RoleManager

MODEL = """
[request_definition]
r = who, what, how
[policy_definition]
p = who, what, how
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.who, p.who) && r.what == p.what && r.how == p.how
"""


def answers(roles, steps=None):
    enforcer = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL))
    chain = ["ana", *(f"role{n}" for n in range(1, roles + 1))]
    for member, role in zip(chain, chain[1:]):
        enforcer.add_grouping_policy(member, role)
    enforcer.add_policy(chain[-1], "payroll", "read")
    if steps is not None:
        enforcer.set_role_manager(RoleManager(steps))
        enforcer.build_role_links()
    return (
        enforcer.enforce("ana", "payroll", "read"),
        len(enforcer.get_implicit_permissions_for_user("ana")),
        len(enforcer.get_implicit_users_for_permission("payroll", "read")),
    )


seen = [(9, *answers(9)), (10, *answers(10)), (10, *answers(10, steps=100))]
for row in seen:
    print(*row)
if seen != [(9, True, 1, 1), (10, False, 1, 0), (10, True, 1, 1)]:
    sys.exit("changed: see 'Seen' at the top of this script")
PY
echo "as found"
