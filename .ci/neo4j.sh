#!/usr/bin/env bash
# Brings the Neo4j server that tests start (.ci/neo4j/pom.xml) into Maven's cache, and writes its
# class path to .neo4j/classpath. Does nothing where that is there already.
# `.ci/neo4j.sh VERSION` does the same for another version: .neo4j/classpath-VERSION.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "neo4j: $*" >&2; }

pom=.ci/neo4j/pom.xml
version=${1:-}
suffix=${version:+-$version}
classpath=.neo4j/classpath$suffix
key=$(sha256sum "$pom" | cut -c 1-64)

whole() { # every archive that the class path names is there
    [ -f "$classpath" ] && [ "$(cat ".neo4j/key$suffix" 2>/dev/null)" = "$key" ] || return 1
    local archive
    while IFS= read -r archive; do
        [ -f "$archive" ] || return 1
    done < <(tr ':' '\n' <"$classpath")
}

mkdir -p .neo4j
exec 9>.neo4j/lock
flock 9
if whole; then exit 0; fi
for program in java mvn; do
    if ! command -v "$program" >/dev/null; then
        say "no $program: the server cannot be had"
        exit 1
    fi
done
say "bringing the server's archives into Maven's cache"
log=.neo4j/maven.log
if ! mvn -B -q -f "$pom" -Dmaven.artifact.threads=10 \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath \
    ${version:+"-Dneo4j.version=$version"} -DincludeScope=runtime \
    "-Dmdep.outputFile=$PWD/$classpath" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    exit 1
fi
echo "$key" >".neo4j/key$suffix"
