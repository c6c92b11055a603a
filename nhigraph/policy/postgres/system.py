"""What rights on the server's own functions and settings come to.

The server keeps these functions for superusers and predefined roles, since they reach its files as
the account that owns the data (PostgreSQL 15, functions-admin: Generic File Access Functions, and
lo-funcs: "can be used to gain superuser access"). ALTER SYSTEM on a setting that names a command,
a library or the file of client authentication makes the server run it, or let anybody in, once the
settings are read again (sql-grant: SET and ALTER SYSTEM on parameters, from 15 on). Other settings
and functions open nothing here: SET on ``session_replication_role`` keeps triggers and keys from
refusing, which is a condition of what they refuse as it is.
"""

#: Functions that write files, by name without arguments; those of adminpack included.
WRITE_FILES = frozenset({"lo_export", "pg_file_write", "pg_file_rename", "pg_file_unlink"})
#: Functions that read files.
READ_FILES = frozenset({"lo_import", "pg_read_file", "pg_read_binary_file"})
#: Settings that make the server run what they name.
RUNS = frozenset(
    {"archive_cleanup_command", "archive_command", "archive_library", "config_file"}
    | {"data_directory", "dynamic_library_path", "extension_control_path", "hba_file"}
    | {"ident_file", "jit_provider", "local_preload_libraries", "log_directory", "log_filename"}
    | {"oauth_validator_libraries", "primary_conninfo", "recovery_end_command"}
    | {"restore_command", "search_path", "session_preload_libraries", "shared_preload_libraries"}
    | {"ssl_passphrase_command"}
)
#: Functions that a security definer hands what its owner has by a predefined role, or by itself.
#: The first run a text as a query; the others reach the server's files and others' sessions
#: (PostgreSQL 15, functions-xml, textsearch-features: Gathering Document Statistics, and
#: functions-admin: Generic File Access Functions, Server Signaling Functions).
HANDS_ON = {
    **dict.fromkeys(
        ("query_to_xml", "query_to_xmlschema", "query_to_xml_and_xmlschema", "ts_stat"), ""
    ),
    **dict.fromkeys(("table_to_xml", "schema_to_xml", "database_to_xml"), ""),
    **dict.fromkeys((*READ_FILES, "pg_ls_dir", "pg_stat_file"), "pg_read_server_files"),
    **dict.fromkeys(WRITE_FILES, "pg_write_server_files"),
    **dict.fromkeys(("pg_cancel_backend", "pg_terminate_backend"), "pg_signal_backend"),
}
READ_AGAIN = "the server reads its settings again, or is started anew"
WRITES = "what it writes among the server's files opens a superuser's session"
