-- severity: error
-- On the first day of the release an add-on code and its primary code are in force at most once.
-- source: what the days of a pair are for; not measured of a whole file
-- payment: whether an add-on code is paid.
select 'aoc' as file_kind, min(source_line) as source_line,
  format('{} with {} is in force {} times on {}', add_on, primary_code, count(*), any_value(this_release.effective_from)) as finding
from add_on_code as pair
cross join this_release
where this_release.effective_from between pair.effective_from and coalesce(effective_to, date '9999-12-31')
group by add_on, primary_code
having count(*) > 1
