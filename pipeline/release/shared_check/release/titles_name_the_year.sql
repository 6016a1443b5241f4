-- severity: warning
-- The title of a file names the year of its release; CMS forgets to renew one now and then.
-- payment: indices of another year, which other checks tell by their values.
select file_kind, null as source_line, remark as finding from stage.remark where check_name = 'titles_name_the_year'
