-- severity: error
-- On the first day of the release a pair has at most one edit in force.
-- source: none of 1,669,820 edits in force in 2024Q2 (a copy of ccipra-v301r0)
-- payment: whether a modifier gets both codes paid.
select 'ncci_1' as file_kind, min(source_line) as source_line,
  format('{} and {} have {} edits in force on {}', column1, column2, count(*), any_value(this_release.effective_from)) as finding
from ncci_pair as edit
cross join this_release
where edit_status <> 'never_in_force'
  and this_release.effective_from between edit.effective_from and coalesce(effective_to, date '9999-12-31')
group by column1, column2
having count(*) > 1
