-- The procedure-to-procedure edits of practitioners between codes that occur, with their days, which
-- end at the latest with those of the release: what came after it is not known.
with code as (select distinct hcpcs_code from edit_line)
select
  edit.column1, edit.column2, edit.modifier_indicator, edit.effective_from,
  least(coalesce(edit.effective_to, release.effective_to), release.effective_to) as effective_to
from ncci_pair as edit
join release on release.release_id = edit.release_id
join code as first_code on first_code.hcpcs_code = edit.column1
join code as second_code on second_code.hcpcs_code = edit.column2
where release.schedule = 'ncci' and release.series = 'practitioner' and release.is_latest
  and edit.setting = 'practitioner' and edit.edit_status <> 'never_in_force' and edit.modifier_indicator in ('0', '1')
