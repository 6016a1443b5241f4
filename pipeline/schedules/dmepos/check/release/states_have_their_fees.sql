-- severity: error
-- No column of a state has less than half of the fees that those of its kind have: beyond the continent none is rural.
-- Of a territory that no file has had nobody knows how many it will have.
-- source: DMEPOS25Q1: each continental state has 3,126 and 1,098 fees, and in nutrition 47 and 25
-- payment: of a column that is blank or cut, whose state would have no fee, or in rural areas that of the others.
with counted as (
  select file_kind, state, is_rural, count(*) filter (amount > 0) as fee_count
  from stage.dme_cell
  where state not in ('AS', 'FM', 'GU', 'MH', 'MP', 'PW') and (not is_rural or state not in ('AK', 'HI', 'PR', 'VI'))
  group by all
),
compared as (
  select *, median(fee_count) over (partition by file_kind, is_rural) as usual_count
  from counted
)
select file_kind, null as source_line,
  format('{} has {} {} fees, and most states have {}', state, fee_count, if(is_rural, 'rural', 'other'), usual_count::integer) as finding
from compared
where fee_count * 2 < usual_count
