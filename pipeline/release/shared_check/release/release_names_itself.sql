-- severity: warning
-- The title, the names and the RELEASED date of a release agree, and none of them is missing.
-- payment: which days a release is for; it is the release that most of them speak for.
select file_kind, null as source_line, remark as finding from stage.remark where check_name = 'release_names_itself'
