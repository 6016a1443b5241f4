-- compares: ambulance fees of CMS's file = formula with the indices
-- with: pfs
-- A file is for a year, so that it is held against every release of the year that has indices.
with pair as (
  select own.posting_id, other.posting_id as other_posting_id
  from release as own
  join release as other
    on other.schedule = $other and other.calendar_year = own.calendar_year and other.is_current
  where own.schedule = 'ambulance' and own.is_current
),
own as (
  select
    pair.posting_id as release_id, pair.other_posting_id, file.hcpcs_code, file.mac, file.locality_number,
    file.urban_amount, file.rural_amount, file.super_rural_amount, file.rural_first_miles_amount
  from pair
  join ambulance_file_fee as file on file.release_id = pair.posting_id
),
both_sides as (
  select
    own.*, formula.urban_amount as our_urban, formula.rural_amount as our_rural,
    formula.super_rural_amount as our_super_rural, formula.rural_first_miles_amount as our_first_miles
  from own
  join $formula as formula
    on formula.release_id = own.other_posting_id and formula.hcpcs_code = own.hcpcs_code
    and formula.mac = own.mac and formula.locality_number = own.locality_number
  where formula.price_status = 'priced'
)
select
  release_id, other_posting_id, '' as part, hcpcs_code || ' ' || mac || '-' || locality_number as record_key,
  amount.column_name, amount.our_value, amount.other_value
from both_sides
cross join lateral (
  values
    ('urban_amount', our_urban, urban_amount),
    ('rural_amount', our_rural, rural_amount),
    ('super_rural_amount', our_super_rural, super_rural_amount),
    ('rural_first_miles_amount', our_first_miles, rural_first_miles_amount)
) as amount(column_name, our_value, other_value)
where amount.our_value is not null or amount.other_value is not null
