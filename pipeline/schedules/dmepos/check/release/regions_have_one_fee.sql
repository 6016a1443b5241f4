-- severity: error above 0.5%
-- Prosthetics and orthotics without rural fees have the same fee in all states of a CMS region.
-- source: DMEPOS25Q1: 9,640 of 9,640 times an item and one of the ten regions
-- payment: of all states whose columns are exchanged between regions.
with region as (
  select unnest(string_split(states, ' ')) as state, number
  from (
    values (1, 'CT MA ME NH RI VT'), (2, 'NJ NY'), (3, 'DC DE MD PA VA WV'), (4, 'AL FL GA KY MS NC SC TN'), (5, 'IL IN MI MN OH WI'),
      (6, 'AR LA NM OK TX'), (7, 'IA KS MO NE'), (8, 'CO MT ND SD UT WY'), (9, 'AZ CA NV'), (10, 'ID OR WA')
  ) as regions(number, states)
),
of_regions as (
  select hcpcs_code, modifier, modifier2, number, state, amount, source_line
  from stage.dmepos
  join region using (state)
  where category = 'PO' and ceiling > 0 and not is_rural
)
select 'dmepos' as file_kind, min(source_line) as source_line,
  format('{}: from {} to {} in the states of region {}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), min(amount)::varchar, max(amount)::varchar, number) as finding
from of_regions
group by hcpcs_code, modifier, modifier2, number
having min(amount) <> max(amount)
