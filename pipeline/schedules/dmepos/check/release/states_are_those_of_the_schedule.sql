-- severity: warning
-- The file has the columns of the 50 states, the District of Columbia, Puerto Rico and the Virgin Islands.
-- source: DMEPOS25Q1: 53
-- payment: in a state that is missing, no fee is known.
with known as (
  select unnest(string_split('AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY', ' ')) as state
),
named as (select distinct state from stage.dmepos)
select 'dmepos' as file_kind, null as source_line,
  if(known.state is null, format('it has a column of {}, which no earlier file had', named.state), format('it has no column of {}', known.state)) as finding
from known
full join named using (state)
where known.state is null or named.state is null
