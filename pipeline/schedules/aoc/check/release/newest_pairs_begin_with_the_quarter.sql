-- severity: warning
-- No pair of the release begins after its quarter: then the file is of a later one than its name says.
-- source: expert knowledge; what CMS adds in a quarter begins on its first day
-- payment: which pairs are taken for those of the quarter.
select 'aoc' as file_kind, null as source_line,
  format('the newest pair begins on {}, after the quarter from {} that the name says', max(pair.effective_from), this_release.effective_from) as finding
from stage.aoc as pair
cross join this_release
group by this_release.effective_from
having max(pair.effective_from) > last_day(this_release.effective_from + interval 2 month)
