-- severity: error
-- No edit of the release begins after its quarter: then the files are of a later one than their names say.
-- source: expert knowledge; what CMS adds in a quarter begins on its first day
-- payment: which edits are taken for those of the quarter.
select 'ncci_1' as file_kind, null as source_line,
  format('the newest edit begins on {}, after the quarter from {} that the names say', max(edit.effective_from), this_release.effective_from) as finding
from stage.ncci as edit
cross join this_release
group by this_release.effective_from
having max(edit.effective_from) > last_day(this_release.effective_from + interval 2 month)
