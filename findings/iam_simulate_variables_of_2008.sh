#!/usr/bin/env bash
# Package:   @cloud-copilot/iam-simulate 0.1.173 (npm); needs Node.js.
# Question:  a policy of version 2008-10-17, which is also the version of one that names none, lets
#            its user read home/${aws:username}/*. May the user ana read home/ana/a.txt by it?
# Guess:     no. Variables came with version 2012-10-17; in an older policy they are plain text, and
#            only an object that is called so is meant (IAM's reference, element Version).
# Behaviour: the variable is filled in, whatever the version is.
# Meaning:   an old policy that gives nobody a home is reported to give everybody one; and where it
#            denies, to deny what it does not.
# Seen:      see SEEN below: version, then the answer for home/ana/a.txt and for the object whose
#            name has the variable's own text.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit --ignore-scripts \
    @cloud-copilot/iam-simulate@0.1.173 >/dev/null

cat >ask.cjs <<'JS'
const { runSimulation } = require("@cloud-copilot/iam-simulate");

async function answer(version, object) {
  const resource = "arn:aws:s3:::home/${aws:username}/*";
  const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: resource };
  const policy = { ...(version ? { Version: version } : {}), Statement: [statement] };
  const told = await runSimulation(
    {
      request: {
        action: "s3:GetObject",
        principal: "arn:aws:iam::111111111111:user/ana",
        resource: { resource: `arn:aws:s3:::home/${object}`, accountId: "111111111111" },
        contextVariables: { "aws:username": "ana" },
      },
      identityPolicies: [{ name: "home", policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return told.overallResult || JSON.stringify(told.errors);
}

(async () => {
  for (const version of ["2012-10-17", "2008-10-17", ""]) {
    const said = [await answer(version, "ana/a.txt"), await answer(version, "${aws:username}/a.txt")];
    console.log([version || "none", ...said].join(" "));
  }
})();
JS
found=$(node ask.cjs)
SEEN="2012-10-17 Allowed ImplicitlyDenied
2008-10-17 Allowed ImplicitlyDenied
none Allowed ImplicitlyDenied"
echo "$found"
if [ "$found" != "$SEEN" ]; then
    echo "changed: see SEEN in this script" >&2
    exit 1
fi
echo "as found"
