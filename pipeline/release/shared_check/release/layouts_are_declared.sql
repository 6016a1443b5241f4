-- severity: warning
-- A source tells of the layout of each file in its year; others load where their words and values say what their columns are.
-- payment: all of it, so the values of such a file prove its columns.
select file_kind, null as source_line, remark as finding from stage.remark where check_name = 'layouts_are_declared'
