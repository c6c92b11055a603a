"""What each identifier is about, in one line of our own words.

Not the wording of its publisher, which is to be read there; see ``frameworks``.
"""

from collections.abc import Mapping
from typing import Final

_LINES: Final = """
NHI1:2025|an identity outlives its purpose or its owner
NHI2:2025|a secret lies where others find it
NHI3:2025|a third party's app or agent acts here
NHI4:2025|it proves who it is in a weak way
NHI5:2025|it may do more than it does
NHI6:2025|the pipeline that deploys trusts too much
NHI7:2025|a secret stays the same for too long
NHI8:2025|what belongs to one environment reaches into another
NHI9:2025|several use one identity
NHI10:2025|a person acts as a machine, or a machine as a person
CC6.1|who gets in: architecture of logical access, handling of credentials and keys
CC6.2|access is registered before it is given, and removed when its reason ends
CC6.3|least privilege, changes of roles, duties kept apart
CC6.6|threats from outside the boundary
CC6.7|movement of data and secrets
CC6.8|software that nobody authorised
CC7.2|watching for what is unusual
CC7.3|judging what was noticed
CC7.5|recovering from an incident
CC8.1|changes are authorised, tested and approved
CC9.2|vendors and partners
A1.2|backups and what recovery rests on
PI1.2|inputs are complete and accurate
PI1.3|processing does what it should
PI1.5|what is stored stays complete and accurate
C1.1|confidential data is known and kept
C1.2|confidential data is disposed of when it should be
P6.1|personal data is disclosed only as consented
GV.RR-02|roles and responsibilities are set and known
GV.SC-04|suppliers are known and ranked
GV.SC-05|what suppliers must do is agreed
GV.SC-07|risks of suppliers are watched
ID.AM-08|systems, data and identities are managed from beginning to end
PR.AA-01|identities and credentials are managed
PR.AA-03|users, services and devices prove who they are
PR.AA-04|assertions of identity are protected and checked
PR.AA-05|rights follow least privilege and separation of duties
PR.DS-01|data at rest is protected
PR.DS-02|data in transit is protected
PR.DS-11|backups are made, kept and tried
PR.IR-01|networks and environments are kept from access that nobody meant
PR.PS-01|configuration is managed
PR.PS-04|logs are made and kept
PR.PS-06|software is made with security in mind
DE.CM-09|computing and its data are watched
RC.RP-03|backups are checked before they are used
AC-2|accounts are managed
AC-2(3)|accounts that are no longer needed are disabled
AC-3|rights are enforced
AC-4|flows of information are enforced
AC-5|duties are separated
AC-6|least privilege
AC-6(5)|privileged accounts are few
AC-20|use of systems of others
AU-2|what is logged is decided
AU-9|logs are protected
AU-9(4)|few may manage the logs
AU-11|logs are kept long enough
AU-12|the systems make the logs
CM-3|changes are controlled
CM-5|who may make changes is restricted
CM-14|only signed components are installed
CP-9|backups
IA-2|users are identified and authenticated
IA-3|devices are identified and authenticated
IA-4|identifiers are managed and not used again
IA-5|authenticators are managed: issued, protected, changed
IA-5(7)|no authenticator stands unencrypted in code or configuration
IA-9|services are identified and authenticated
MP-6|media are cleared before they leave
PS-4|what ends when somebody leaves
SA-9|services of others are held to requirements
SC-7|boundaries are watched and controlled
SC-8|what is sent is protected
SC-12|keys are made and managed
SC-28|what is stored is protected
SI-7|integrity of software and information is checked
SI-10|inputs are checked
SR-3|the supply chain has controls
A.5.2|roles and responsibilities
A.5.3|duties are separated
A.5.15|rules of access
A.5.16|identities from beginning to end
A.5.17|passwords, keys and other authentication information
A.5.18|rights are given, reviewed and taken away
A.5.19|security with suppliers
A.5.20|security in agreements with suppliers
A.5.21|security in the supply chain of technology
A.5.22|services of suppliers are watched and their changes managed
A.5.23|use of cloud services
A.8.2|privileged rights
A.8.3|access to information is restricted
A.8.4|access to source code
A.8.5|secure authentication
A.8.10|information is deleted when it should be
A.8.11|data is masked
A.8.12|data does not leak
A.8.13|backups
A.8.15|logging
A.8.24|cryptography and its keys
A.8.25|development from beginning to end
A.8.31|development, test and production are separate
A.8.32|changes are managed
APD|access to programs and data
PC|changes of programs
CO|operation of computers
PD|development of programs
"""

GISTS: Final[Mapping[str, str]] = dict(line.split("|", 1) for line in _LINES.strip().splitlines())
