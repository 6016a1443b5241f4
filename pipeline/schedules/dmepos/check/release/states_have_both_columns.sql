-- severity: error
-- Where states have a column for rural areas, each continental one has it, and none has that alone.
-- Of an area that no file has had nobody knows whether it needs one.
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
where not has_other or (kind_has_rural and not has_rural and state in (
  select unnest(string_split('AL AR AZ CA CO CT DC DE FL GA IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY', ' '))
))
