-- severity: error above 1%
-- What is paid in a rural place is at least what is paid in an urban one, and in a super-rural one at least that.
-- source: 42 CFR 414.610(c); no file of CMS was at hand
-- payment: in rural places, if columns are exchanged.
select 'afs' as file_kind, source_line,
  format('{} in {}-{}: urban {}, rural {}, super-rural {}', hcpcs_code, mac, locality_number, urban_amount::varchar, rural_amount::varchar, coalesce(super_rural_amount::varchar, 'none')) as finding
from stage.afs
where rural_amount < urban_amount or super_rural_amount < rural_amount or rural_first_miles_amount < rural_amount
