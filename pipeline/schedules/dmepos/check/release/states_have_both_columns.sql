-- severity: error
-- Where states have a column for rural areas, each continental one has it, and none has that alone.
-- The other islands (AS, FM, GU, MH, MP, PW) had no column in any file; they are not of the continent either.
-- source: DMEPOS25Q1: 53 of 53 states, in the schedule and in nutrition
-- payment: without a rural fee the other one holds in all of the state, so that a lost column would be a wrong amount.
with named as (
  select 'dmepos' as file_kind, state, bool_or(is_rural) as has_rural, bool_or(not is_rural) as has_other
  from stage.dmepos
  group by state
  union all
  select 'dme_pen', state, bool_or(is_rural), bool_or(not is_rural)
  from stage.dme_pen
  group by state
),
compared as (
  select *, bool_or(has_rural) over (partition by file_kind) as kind_has_rural
  from named
)
select
  file_kind, null as source_line,
  format('of {} it has the column of areas that are {} only', state, if(has_rural, 'rural', 'not rural')) as finding
from compared
where not has_other or (kind_has_rural and not has_rural and state not in ('AK', 'AS', 'FM', 'GU', 'HI', 'MH', 'MP', 'PR', 'PW', 'VI'))
