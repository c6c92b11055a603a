#!/usr/bin/env bash
# Package:   org.neo4j:neo4j-import-tool 5.26.18 (Maven Central), `neo4j-admin database import`.
# Question:  may the name of the database stand where the tool's own usage line has it, after the
#            options?
# Guess:     yes, wherever it stands: options and name cannot be mistaken for one another.
# Behaviour: behind --relationships=FILE it is taken for one more file of that option, which takes
#            several: "File 'neo4j' doesn't exist", and nothing is imported. In front of
#            the options it is the name.
# Meaning:   a generated command has to put the name first; the message is about a file that nobody
#            named.
# Seen:      exit codes: name last 70, name first 0. Needs Java 17 and Maven.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j.test</groupId>
      <artifactId>neo4j-harness</artifactId>
      <version>5.26.18</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -B -q -f "$folder/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath \
    -DincludeScope=runtime "-Dmdep.outputFile=$folder/classpath"

cd "$folder"
mkdir conf data
printf ':ID\na\nb\n' >nodes.csv
printf ':START_ID,:END_ID,:TYPE\na,b,KNOWS\n' >rels.csv
admin() {
    NEO4J_HOME="$folder" NEO4J_CONF="$folder/conf" \
        java -cp "$(cat classpath)" org.neo4j.server.startup.Neo4jAdminCommand "$@" >said 2>&1
}

last=0
admin database import full --nodes=nodes.csv --relationships=rels.csv neo4j || last=$?
grep -q "File 'neo4j' doesn't exist" said || { echo "otherwise than found: no such message"; exit 1; }
first=0
admin database import full neo4j --nodes=nodes.csv --relationships=rels.csv || first=$?
echo "name last: $last; name first: $first"
if [ "$last $first" != "70 0" ]; then
    echo "otherwise than found"
    exit 1
fi
echo "as found"
