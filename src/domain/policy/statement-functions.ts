/**
 * PostgreSQL's own functions, and those of its extensions, that do more than a SELECT seems to. By name in any schema: a
 * function of the same name elsewhere is taken for it. That every volatile function of pg_catalog is in one of the
 * groups, a test sees.
 */

/** They change data, sequences, files, the server or other sessions, or write to its log stream. */
const changing =
  /^(?:nextval|setval|lo_(?:creat|create|from_bytea|open|put|truncate|truncate64|unlink|manage)|lowrite|pg_notify|binary_upgrade_.*|brin_(?:desummarize_range|summarize_new_values|summarize_range)|gin_clean_pending_list|pg_backup_st(?:art|op)|pg_st(?:art|op)_backup|pg_cancel_backend|pg_terminate_backend|pg_(?:copy|create|drop)_(?:logical_|physical_)?replication_slot|pg_sync_replication_slots|pg_create_restore_point|pg_export_snapshot|pg_extension_config_dump|pg_import_system_collations|pg_log_backend_memory_contexts|pg_log_standby_snapshot|pg_logical_emit_message|pg_replication_slot_advance|pg_replication_origin_(?:advance|create|drop|session_reset|session_setup|xact_reset|xact_setup)|pg_nextoid|pg_promote|pg_reload_conf|pg_rotate_logfile(?:_old)?|pg_stat_reset.*|pg_stat_statements_reset|pg_stop_making_pinned_objects|pg_switch_(?:wal|xlog)|pg_wal_replay_(?:pause|resume)|pg_xlog_replay_(?:pause|resume)|pg_(?:restore|clear)_(?:relation|attribute|extended)_stats?|pg_truncate_visibility_map|pg_prewarm|autoprewarm_.*|pg_buffercache_evict.*|postgres_fdw_disconnect.*|injection_points_.*)$/;

/** They run a text as SQL, here or at another server, or read or change what only the server will know: its files, its log, pages of tables. */
const opaque =
  /^(?:query_to_xml.*|(?:table|schema|database|cursor)_to_xml.*|ts_stat|ts_rewrite|dblink.*|crosstab.*|connectby|xpath_table|pg_read_(?:binary_)?file(?:_old)?|pg_stat_file|pg_ls_.*|pg_file_.*|loread|lo_get|lo_lseek.*|lo_import|lo_export|pg_logical_slot_(?:get|peek)_.*|heap_force_.*|get_raw_page|heap_page_items.*|(?:bt|brin|gin|gist|hash)_page_.*|.*_page_items.*|tuple_data_split|pg_get_wal_.*|postgres_fdw_get_connections|plpgsql_.*)$/;

export function isChanging(name: string): boolean {
  return changing.test(name);
}

export function isOpaque(name: string): boolean {
  return opaque.test(name);
}
