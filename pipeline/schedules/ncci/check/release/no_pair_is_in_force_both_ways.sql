-- severity: error
-- On the first day of the release no pair has an edit in force in both directions: then each code would deny the other.
-- source: none of 1,669,820 edits in force in 2024Q2 (a copy of ccipra-v301r0)
-- payment: which of two codes is paid.
with in_force as (
  select column1, column2, source_line
  from ncci_pair as edit
  cross join this_release
  where edit_status <> 'never_in_force'
    and this_release.effective_from between edit.effective_from and coalesce(effective_to, date '9999-12-31')
)
select 'ncci_1' as file_kind, one.source_line,
  format('{} denies {}, and {} denies {}', one.column1, one.column2, other.column1, other.column2) as finding
from in_force as one
join in_force as other on one.column1 = other.column2 and one.column2 = other.column1
where one.column1 < one.column2
