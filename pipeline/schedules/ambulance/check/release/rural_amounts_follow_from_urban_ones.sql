-- severity: warning
-- Rural amounts are urban ones times one number by ground and another one by air, and super-rural amounts rural ones times one number: those of most rows.
-- source: 42 CFR 414.610(c); the published amounts of Florida for 2026 follow so. No file of CMS was at hand, and the numbers are not asked of any year
-- payment: of the row. Amounts that moved by a column in one row break no other rule.
with listed as (
  select afs.*, item.unit, item.service_kind = 'ground' as is_ground
  from stage.afs as afs
  join ambulance_rvu as item using (hcpcs_code)
),
usual as (
  select
    is_ground, median(rural_amount / nullif(urban_amount, 0)) as rural,
    median(super_rural_amount / nullif(rural_amount, 0)) filter (unit = 'trip') as super_rural
  from listed
  group by is_ground
)
select 'afs' as file_kind, source_line,
  format('{} in {}-{}: urban {}, rural {}, super-rural {}', hcpcs_code, mac, locality_number, urban_amount::varchar, rural_amount::varchar, coalesce(super_rural_amount::varchar, 'none')) as finding
from listed
join usual using (is_ground)
-- Each of two amounts is rounded to the cent.
where abs(rural_amount - urban_amount * usual.rural) > 0.03
  or (unit = 'trip' and abs(super_rural_amount - rural_amount * usual.super_rural) > 0.03)
