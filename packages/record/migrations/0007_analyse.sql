-- Tables that an import makes grow are analysed when they have grown by half, not by each tenth: on a county's tables
-- the samples of all of them together cost a fifth of the import. Nothing is asked of long texts, so none are sampled.
alter table resource set (autovacuum_analyze_scale_factor = 0.5);
alter table idx_token set (autovacuum_analyze_scale_factor = 0.5);
alter table idx_string set (autovacuum_analyze_scale_factor = 0.5);
alter table idx_date set (autovacuum_analyze_scale_factor = 0.5);
alter table idx_reference set (autovacuum_analyze_scale_factor = 0.5);
alter table idx_quantity set (autovacuum_analyze_scale_factor = 0.5);
alter table change set (autovacuum_analyze_scale_factor = 0.5);
alter table audit set (autovacuum_analyze_scale_factor = 0.5);
alter table resource alter column content set statistics 0;
alter table history alter column content set statistics 0;
alter table audit alter column body set statistics 0;
alter table audit alter column hash set statistics 0;
alter table audit_pending alter column body set statistics 0;
