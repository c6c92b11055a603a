#!/usr/bin/env bash
# title: what AWS says of an account's identities, policies and resources, and of the organization
# run:   bash aws.sh [--out FOLDER] [--region REGION]... [--organization]
# needs: aws (https://aws.amazon.com/cli), logged in; jq for --organization; bash 3.2 or newer
#
# Asks with your own aws and nothing else, and only reads (get, list, describe). Each answer is a
# file at its own address below FOLDER, such as aws/ACCOUNT/REGION/lambda/list-functions.json.
# What you may not read is told and left out: nhigraph then says what that leaves open.
# Values of secrets and parameters are never asked for; variables of functions, builds, tasks and
# jobs, parameters of stacks and what instances start with are left out.
set -euo pipefail

usage() {
  cat <<'EOT'
usage: aws.sh [--out FOLDER] [--region REGION]... [--organization]

Fetches, with your own aws, into FOLDER (default: aws-export), which must be new or empty: the
account's authorization details, identity providers, buckets, and in each region (default: that of your
configuration) functions, parameters' and secrets' names, tables, streams, queues, topics, keys
and their grants, databases, log groups, repositories of images, instances, tasks, builds, jobs,
state machines, stacks and trails, with the roles they run as and their policies.
--organization, from the management account or a delegated administrator: the tree of accounts,
the policies on it and who administers services for it. The managed policy SecurityAudit lets you read all of it.
EOT
}

fail() {
  printf 'aws.sh: %s\n' "$1" >&2
  exit 2
}

out=aws-export
organization=no
regions=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --organization)
      organization=yes
      shift
      ;;
    --out | --region)
      [ $# -gt 1 ] || fail "$1 needs a value (see --help)"
      if [ "$1" = --out ]; then out=$2; else regions+=("$2"); fi
      shift 2
      ;;
    *) fail "unknown option $1 (see --help)" ;;
  esac
done
for region in ${regions[@]+"${regions[@]}"}; do
  [[ $region =~ ^[a-z0-9-]+$ ]] || fail "--region: expected one such as eu-west-1"
done
command -v aws >/dev/null || fail "aws is not installed: https://aws.amazon.com/cli"
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=json
# Some of what is asked of the whole account needs a region to ask in.
[ ${#regions[@]} -eq 0 ] || export AWS_DEFAULT_REGION=${regions[0]}
account=$(aws sts get-caller-identity --query Account --output text 2>/dev/null) ||
  fail "aws is not logged in"
[[ $account =~ ^[0-9]{12}$ ]] || fail "aws names no account"
if [ ${#regions[@]} -eq 0 ]; then
  region=$(aws configure get region || true)
  [ -n "$region" ] || fail "give --region REGION: your configuration has none"
  regions=("$region")
fi
mkdir -p "$out"
[ -z "$(ls -A "$out")" ] || fail "$out is not empty: answers of two days do not mix, give another"

asked=0
refused=0
base=$out/aws/$account
error=$(mktemp)
trap 'rm -f "$error"' EXIT

# fetch REGION SERVICE COMMAND NAME ARGUMENT...: one answer, all its pages, into a file.
# An answer that says that there is no policy is written as {}; a refusal leaves no file.
fetch() {
  local region=$1 service=$2 command=$3 name=$4 file
  shift 4
  file=$base/$region/$service/$command${name:+/$name}.json
  case $name in
    *..* | /*) return 1 ;;
  esac
  asked=$((asked + 1))
  mkdir -p "${file%/*}"
  if aws "$service" "$command" ${region_of[@]+"${region_of[@]}"} "$@" >"$file" 2>"$error"; then
    [ -s "$file" ] || printf '{}\n' >"$file"
    return 0
  fi
  if grep -qE 'NoSuchBucketPolicy|NoSuchPublicAccessBlockConfiguration|ResourceNotFoundException|RepositoryPolicyNotFoundException|PolicyNotFoundException|EntityNotFoundException' "$error"; then
    printf '{}\n' >"$file"
    return 0
  fi
  rm -f "$file"
  refused=$((refused + 1))
  printf 'not permitted: aws %s %s %s\n' "$service" "$command" "$name" >&2
  return 1
}

# names SERVICE COMMAND QUERY ARGUMENT...: names out of a listing, one a line; nothing where it is
# refused.
names() {
  local service=$1 command=$2 query=$3
  shift 3
  aws "$service" "$command" ${region_of[@]+"${region_of[@]}"} "$@" --query "$query" --output text 2>/dev/null |
    tr '\t' '\n' | grep -vx None || true
}

region_of=()
fetch global iam get-account-authorization-details "" || true
report=$base/global/iam/credential-report.csv
asked=$((asked + 1))
# There is one where somebody asked for it in the last hours: this script does not.
if aws iam get-credential-report --query Content --output text 2>/dev/null |
  base64 --decode >"$report" 2>/dev/null && [ -s "$report" ]; then
  :
else
  rm -f "$report"
  refused=$((refused + 1))
  printf 'not there: the credential report (aws iam generate-credential-report makes it)\n' >&2
fi
fetch global iam list-open-id-connect-providers "" || true
fetch global iam list-saml-providers "" || true
fetch global s3control get-public-access-block "" --account-id "$account" || true
if fetch global s3api list-buckets "" --query '{Buckets: Buckets[].{Name: Name}}'; then
  for name in $(names s3api list-buckets 'Buckets[].Name'); do
    fetch global s3api get-bucket-policy "$name" --bucket "$name" || true
    fetch global s3api get-public-access-block "$name" --bucket "$name" || true
    fetch global s3api get-bucket-acl "$name" --bucket "$name" --query \
      '{Owner: {ID: Owner.ID}, Grants: Grants[].{Grantee: {Type: Grantee.Type, ID: Grantee.ID, URI: Grantee.URI}, Permission: Permission}}' || true
  done
fi

for region in "${regions[@]}"; do
  region_of=(--region "$region")
  fetch "$region" lambda list-functions "" --query \
    '{Functions: Functions[].{FunctionName: FunctionName, FunctionArn: FunctionArn, Role: Role, KMSKeyArn: KMSKeyArn}}' || true
  for name in $(names lambda list-functions 'Functions[].FunctionName'); do
    fetch "$region" lambda get-policy "$name" --function-name "$name" || true
  done
  fetch "$region" secretsmanager list-secrets "" --query \
    '{SecretList: SecretList[].{ARN: ARN, Name: Name, KmsKeyId: KmsKeyId, OwningService: OwningService, CreatedDate: CreatedDate, LastRotatedDate: LastRotatedDate, LastAccessedDate: LastAccessedDate}}' || true
  for arn in $(names secretsmanager list-secrets 'SecretList[].ARN'); do
    fetch "$region" secretsmanager get-resource-policy "${arn##*:secret:}" --secret-id "$arn" || true
  done
  fetch "$region" ssm describe-parameters "" --query \
    '{Parameters: Parameters[].{Name: Name, ARN: ARN, Type: Type, KeyId: KeyId}}' || true
  for name in $(names ssm describe-parameters 'Parameters[].Name'); do
    arn=arn:aws:ssm:$region:$account:parameter/${name#/}
    fetch "$region" ssm get-resource-policies "${name#/}" --resource-arn "$arn" || true
  done
  fetch "$region" dynamodb list-tables "" || true
  for name in $(names dynamodb list-tables 'TableNames[]'); do
    arn=arn:aws:dynamodb:$region:$account:table/$name
    fetch "$region" dynamodb get-resource-policy "$name" --resource-arn "$arn" || true
  done
  fetch "$region" kinesis list-streams "" --query '{StreamNames: StreamNames}' || true
  for name in $(names kinesis list-streams 'StreamNames[]'); do
    arn=arn:aws:kinesis:$region:$account:stream/$name
    fetch "$region" kinesis get-resource-policy "$name" --resource-arn "$arn" || true
  done
  fetch "$region" firehose list-delivery-streams "" --query '{DeliveryStreamNames: DeliveryStreamNames}' || true
  fetch "$region" sqs list-queues "" || true
  for url in $(names sqs list-queues 'QueueUrls[]'); do
    fetch "$region" sqs get-queue-attributes "${url##*/}" --queue-url "$url" --attribute-names Policy || true
  done
  fetch "$region" sns list-topics "" || true
  for arn in $(names sns list-topics 'Topics[].TopicArn'); do
    fetch "$region" sns get-topic-attributes "${arn##*:}" --topic-arn "$arn" || true
  done
  fetch "$region" kms list-keys "" || true
  for name in $(names kms list-keys 'Keys[].KeyId'); do
    fetch "$region" kms get-key-policy "$name" --key-id "$name" --policy-name default || true
    fetch "$region" kms list-grants "$name" --key-id "$name" --query \
      '{Grants: Grants[].{GrantId: GrantId, GranteePrincipal: GranteePrincipal, Operations: Operations, Constraints: Constraints}}' || true
  done
  fetch "$region" ecr describe-repositories "" || true
  for name in $(names ecr describe-repositories 'repositories[].repositoryName'); do
    fetch "$region" ecr get-repository-policy "$name" --repository-name "$name" || true
  done
  fetch "$region" rds describe-db-instances "" || true
  fetch "$region" rds describe-db-clusters "" || true
  fetch "$region" rds describe-db-proxies "" --query \
    '{DBProxies: DBProxies[].{DBProxyArn: DBProxyArn, DBProxyName: DBProxyName}}' || true
  fetch "$region" redshift describe-clusters "" --query \
    '{Clusters: Clusters[].{ClusterIdentifier: ClusterIdentifier, KmsKeyId: KmsKeyId}}' || true
  fetch "$region" logs describe-log-groups "" || true
  fetch "$region" logs describe-resource-policies "" || true
  fetch "$region" ec2 describe-instances "" --query \
    '{Reservations: Reservations[].{Instances: Instances[].{InstanceId: InstanceId, IamInstanceProfile: IamInstanceProfile}}}' || true
  fetch "$region" ecs list-clusters "" || true
  for cluster in $(names ecs list-clusters 'clusterArns[]'); do
    fetch "$region" ecs list-services "${cluster##*/}" --cluster "$cluster" || true
    for arn in $(names ecs list-services 'serviceArns[]' --cluster "$cluster"); do
      fetch "$region" ecs describe-services "${arn##*:service/}" --cluster "$cluster" --services "$arn" --query \
        '{services: services[].{serviceArn: serviceArn, serviceName: serviceName, taskDefinition: taskDefinition}}' || true
    done
  done
  fetch "$region" ecs list-task-definitions "" || true
  for arn in $(names ecs list-task-definitions 'taskDefinitionArns[]'); do
    fetch "$region" ecs describe-task-definition "${arn##*/}" --task-definition "$arn" --query \
      '{taskDefinition: {taskDefinitionArn: taskDefinition.taskDefinitionArn, taskRoleArn: taskDefinition.taskRoleArn, executionRoleArn: taskDefinition.executionRoleArn, containerDefinitions: taskDefinition.containerDefinitions[].{image: image, secrets: secrets[].{name: name, valueFrom: valueFrom}}}}' || true
  done
  fetch "$region" codebuild list-projects "" || true
  for name in $(names codebuild list-projects 'projects[]'); do
    fetch "$region" codebuild batch-get-projects "$name" --names "$name" --query \
      '{projects: projects[].{arn: arn, name: name, serviceRole: serviceRole, environment: {image: environment.image}, source: {type: source.type, location: source.location}, secondarySources: secondarySources[].{type: type, location: location}}}' || true
    arn=arn:aws:codebuild:$region:$account:project/$name
    fetch "$region" codebuild get-resource-policy "$name" --resource-arn "$arn" || true
  done
  fetch "$region" glue get-resource-policy "" || true
  fetch "$region" glue get-databases "" --query '{DatabaseList: DatabaseList[].{Name: Name}}' || true
  for name in $(names glue get-databases 'DatabaseList[].Name'); do
    fetch "$region" glue get-tables "$name" --database-name "$name" --query \
      '{TableList: TableList[].{Name: Name, DatabaseName: DatabaseName}}' || true
  done
  fetch "$region" glue get-jobs "" --query \
    '{Jobs: Jobs[].{Name: Name, Role: Role, Command: {ScriptLocation: Command.ScriptLocation}}}' || true
  fetch "$region" stepfunctions list-state-machines "" || true
  for arn in $(names stepfunctions list-state-machines 'stateMachines[].stateMachineArn'); do
    fetch "$region" stepfunctions describe-state-machine "${arn##*:}" --state-machine-arn "$arn" --query \
      '{stateMachineArn: stateMachineArn, name: name, roleArn: roleArn}' || true
  done
  fetch "$region" cloudformation describe-stacks "" --query \
    '{Stacks: Stacks[].{StackId: StackId, StackName: StackName, RoleARN: RoleARN}}' || true
  fetch "$region" cloudtrail describe-trails "" || true
done

# delegated: which accounts administer which services for the organization; {} where that is refused.
delegated() {
  local ids one rows=""
  if ids=$(aws organizations list-delegated-administrators \
    --query 'DelegatedAdministrators[].Id' --output text 2>/dev/null); then
    for one in $(tr '\t' '\n' <<<"$ids" | grep -vx None || true); do
      rows+=$(aws organizations list-delegated-services-for-account --account-id "$one" |
        jq -c --arg id "$one" '{Id: $id, DelegatedServices: [.DelegatedServices[] | {ServicePrincipal}]}') || {
        rows=refused
        break
      }
      rows+=$'\n'
    done
  else
    rows=refused
  fi
  if [[ $rows == *refused ]]; then
    printf 'not permitted: aws organizations list-delegated-administrators\n' >&2
    printf '{}'
  else
    printf '%s' "$rows" | jq -cs '{DelegatedAdministrators: .}'
  fi
}

# tree ID: a root, unit or account with its policies and what it holds, as JSON.
tree() {
  local id=$1 kind children=() child policies types listed="" found
  for type in SERVICE_CONTROL_POLICY RESOURCE_CONTROL_POLICY; do
    if found=$(aws organizations list-policies-for-target --target-id "$id" --filter "$type" \
      --query 'Policies[].Id' --output text 2>/dev/null); then
      listed+=$found$'\n'
    else
      # Not an empty list: what is attached is not known.
      printf 'not permitted: aws organizations list-policies-for-target %s\n' "$id" >&2
      listed=refused
      break
    fi
  done
  if [ "$listed" = refused ]; then
    policies=null
  else
    policies=$(printf '%s' "$listed" | tr '\t' '\n' | { grep -vxE 'None|' || true; } |
      while read -r policy; do
        aws organizations describe-policy --policy-id "$policy" |
          jq -c '.Policy | .PolicySummary + {Content: (.Content | fromjson)}'
      done | jq -cs .)
  fi
  if [[ $id =~ ^[0-9]{12}$ ]]; then
    aws organizations describe-account --account-id "$id" |
      jq -c --argjson policies "$policies" '.Account | {Id, Arn, Name, Status, Policies: $policies}'
    return
  fi
  for kind in ORGANIZATIONAL_UNIT ACCOUNT; do
    while read -r child; do children+=("$child"); done < <(
      aws organizations list-children --parent-id "$id" --child-type "$kind" \
        --query 'Children[].Id' --output text | tr '\t' '\n' | grep -vx None || true)
  done
  types='{}'
  if [[ $id == r-* ]]; then
    types=$(aws organizations list-roots | jq -c --argjson delegated "$(delegated)" \
      '.Roots[0] | {Arn, Name, PolicyTypes} + $delegated')
  fi
  for child in ${children[@]+"${children[@]}"}; do [ -z "$child" ] || tree "$child"; done |
    jq -cs --arg id "$id" --argjson policies "$policies" --argjson types "$types" \
      '$types + {Id: $id, Policies: $policies, Children: .}'
}

if [ "$organization" = yes ]; then
  command -v jq >/dev/null || fail "jq is not installed: it joins the organization's answers"
  asked=$((asked + 1))
  if root=$(aws organizations list-roots --query 'Roots[0].Id' --output text 2>/dev/null); then
    tree "$root" >"$out/organization.json"
  else
    refused=$((refused + 1))
    printf 'not permitted: aws organizations list-roots\n' >&2
  fi
fi
printf 'aws.sh: %s answers asked for, %s not permitted: nhigraph assess %s\n' "$asked" "$refused" "$out" >&2
