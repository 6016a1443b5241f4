-- severity: note
-- A record that a file has twice with the same cells is read once, where CMS is known to repeat records; with other cells it refuses the file.
-- payment: none; both say the same.
select file_kind, null as source_line, remark as finding from stage.remark where check_name = 'repeated_records_are_read_once'
