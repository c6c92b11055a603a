"""One example for each word that a verdict is told in: the reference and ``explain`` print it."""

from typing import Final

RULES: Final = {
    "R0": "the scope leaves out the fs_role of cash, or a job becomes a role that no export shows",
    "R1": "a target selects a test database that the scope's boundary puts `outside`",
    "R2": "a service account may UPDATE the table of the general ledger",
    "R3": "a loader may write bank lines, and the table of cash is built from them",
    "R4": "a CI job may push the dbt model that computes revenue",
    "R5": "an agent may edit the saved report of aged receivables that a reviewer relies on",
    "R6": "a job may change the ticket system in which changes of the ledger are approved",
    "R7": "a role may delete rows of the table that logs who posted what",
    "R8": "a dashboard's role may SELECT from the general ledger, and nothing else",
    "R9": "a watchdog may cancel the nightly run that builds revenue",
    "R10": "a job may alter the data of which processing integrity was promised",
    "R11": "a support bot may read the customer table of which confidentiality was promised",
    "R12": "on the way to a target somebody uses a key that was last rotated three years ago",
    "R13": "the payment processor's repository, which lies in a carve-out, writes the payments",
    "R14": "a documentation job that may only read its own repository",
}
VERDICTS: Final = {
    "both": "dbt_runner may change revenue, and with it what was promised of the nightly close",
    "soc1": "finance_app may post to the ledger, and touches nothing that was promised",
    "soc2": "support_bot may read customers' data, of which confidentiality was promised",
    "undetermined": "archive / ship becomes a cloud role, and no file says which",
    "neither": "docs / site may write its own pages; no path to a target is in what was read",
}
EXPOSURES: Final = {
    "open": "a job may write the ledger with a secret, and no review stands before it",
    "undetermined": "a branch is protected, but the export does not say whether people approve",
    "relies_on_subservice": "an identity of the processor that the scope carves out",
    "gated": "every path passes an approval by people whom the identity cannot reach",
    "in-population": "an identity with the verdict neither: counted, and nothing was found",
}
SOC1: Final = {
    "none": "it may only read the ledger",
    "undetermined": "it may write a table of which the scope does not say what it is to the books",
    "indirect": "it may delete the audit trail, which changes no figure",
    "direct": "it may change rows of the ledger, or the model that computes them",
}
FS_ROLES: Final = {
    "record": "the general ledger, a sub-ledger, a table that a statement is taken from",
    "feeder": "bank lines, orders or usage from which a record is built",
    "logic": "the dbt model, procedure or formula that computes a record",
    "key_report": "aged receivables, on which somebody bases a control",
    "itgc_tool": "the system in which access or changes are approved",
    "audit_trail": "the table or bucket that keeps who posted what",
    "none": "a dataset beside the books that you name so that it is not asked about again",
    "unknown": "what you have not settled yet: it leaves everybody undetermined there",
}
ICFR_BASES: Final = {
    "own": "your own ledger: a finding of your auditors of the accounts",
    "user_entity": "the payroll that you run for customers, on which their auditors rely",
    "both": "a billing engine for customers that posts your own revenue, too",
    "unknown": "you have not said whose books they are; soc1 stays as it is",
}
CERTAINTIES: Final = {
    "can": "every step is a grant or a line of a file",
    "may": "one step holds only if a secret still has the value that a profile names",
    "certain": "the catalog lists the grant",
    "conditional": "a policy has a condition that no document settles",
    "assumed": "the scope links a secret to a role, and nobody confirmed it",
}
SCOPE: Final = {
    "nhigraph": "nhigraph: scope/1",
    "organization": "organization: Ledgerline Ltd",
    "commitments": "commitments: [S, A, C]",
    "as_of": "as_of: 2026-11-23",
    "thresholds": "thresholds: {credential_age_days: 180}",
    "targets": "targets: [{id: cash, family: financial-reporting, fs_role: record, select: […]}]",
    "boundary": 'boundary: {carve_out: [{key: "github:acme-processor/*"}]}',
    "owners": 'owners: [{select: {key: "github:acme/erp*"}, owner: finance-engineering}]',
    "aliases": "aliases: [{platform: postgres, host: db.internal, as: erp}]",
    "links": 'links: [{kind: AUTHENTICATES_AS, from: "KEY OF A SECRET", to: "KEY OF A ROLE"}]',
    "answers": 'answers: [{secret: {key: "github:acme/*/secret/CODECOV_TOKEN"}, opens: nothing}]',
    "people": 'people: [{key: "role:postgres:erp/*.*"}]',
    "cuts": 'cuts: {keep: [{match: {from: {key: "role:postgres:erp/postgres"}}}]}',
    "id": "id: revenue",
    "family": "family: financial-reporting",
    "process": "process: record-to-report",
    "fs_role": "fs_role: record",
    "icfr_basis": "icfr_basis: own",
    "assertions": "assertions: [completeness, cut_off]",
    "data_class": "data_class: [confidential, personal]",
    "recoverable": "recoverable: tested",
    "select": 'select: [{key: "dataset:postgres:erp.fin.gl*"}, {dbt: "exposure:board_pack"}]',
}
