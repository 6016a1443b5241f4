-- severity: warning
-- Every state with rural fees has rural ZIP codes, but for the District of Columbia, New Jersey and Rhode Island: a file of them that was cut off at the end of a line lacks the last ones.
-- source: DMEPOS25Q1: 46 of 49 states
-- payment: who lives at a ZIP code that is missing is taken not to live in a rural area.
select distinct 'dme_rural_zip' as file_kind, null as source_line,
  format('{} has rural fees and no rural ZIP code: was the file cut off?', state) as finding
from stage.dmepos
anti join stage.dme_rural_zip using (state)
cross join this_release
where is_rural and amount > 0 and state not in ('DC', 'NJ', 'RI') and not is_sample
  and exists (from stage.dme_rural_zip)
