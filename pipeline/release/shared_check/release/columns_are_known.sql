-- severity: warning
-- Every column of a file has a role; those without one are named here and not loaded.
-- payment: none; a role that a payment needs is never missing.
select file_kind, null as source_line, remark as finding from stage.remark where check_name = 'columns_are_known'
