-- severity: warning
-- Codes and the like have the zeros in front that CMS writes; those that a spreadsheet took are put back.
-- payment: none; a value that lacks anything else is refused.
select file_kind, null as source_line, remark as finding from stage.remark where check_name = 'values_have_their_zeros'
