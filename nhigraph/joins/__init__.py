"""Edges that need several sources at once: who runs what, with which secret, as which role.

``join`` reads one merged graph and gives facts to merge into it. A source sees one document; here
what several of them say is put together:

* a job's step and the profile it uses: the secret that feeds the password authenticates as the
  role (``logins``), and the job computes what it builds, as far as the role may write it
  (``builds``);
* what a project's hooks write is computed by the runs that run them, and an operation by the job
  that names it (``operations``); what a project grants needs USAGE where an export shows the
  schema (``schema_usage``);
* a branch's protection guards what a job's own token writes to the repository (``protection``);
* what is needed and was not supplied leaves a gap where it is missed (``unread``).

Ends that sources hand over for this are described in ``facts.ends``. No room here names a vendor:
what a program, a client, a server or a provider does is in ``policy``.
"""
