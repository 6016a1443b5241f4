-- The rules that made an amount ($release_id, $hcpcs_code, $mac, $locality_number, $ambulance_area): those of the
-- formula where it is by formula, and of miles by ground the one that the first 17 in rural places are paid by.
with fee as (
  select ambulance_fee.*, release.calendar_year, $ambulance_area as ambulance_area
  from ambulance_fee
  join release on release.release_id = ambulance_fee.release_id and release.is_current
  where ambulance_fee.release_id = $release_id and hcpcs_code = $hcpcs_code and mac = $mac and locality_number = $locality_number
),
said as (
  select
    rule.*, fee.rural_first_miles_amount,
    case rule.rule
      when 'ground_adjusted_share' then service_kind = 'ground' and unit = 'trip'
      when 'air_adjusted_share' then service_kind <> 'ground' and unit = 'trip'
      when 'urban_ground' then service_kind = 'ground' and ambulance_area = 'urban'
      when 'rural_ground' then service_kind = 'ground' and ambulance_area <> 'urban'
      when 'super_rural_ground' then service_kind = 'ground' and unit = 'trip' and ambulance_area = 'super_rural'
      when 'rural_air' then service_kind <> 'ground' and ambulance_area <> 'urban'
    end and amount_basis = 'formula' as made_it,
    rule.rule = 'rural_first_miles' and rural_first_miles_amount is not null and ambulance_area <> 'urban' as is_beside
  from ambulance_rule as rule
  join fee on fee.calendar_year between rule.first_year and coalesce(rule.last_year, 9999)
)
select
  rule, null as month_from, null as month_to, null as percent, case when is_beside then 17 end as first_units, case when is_beside then 'mile' else 'note' end as pays,
  meaning, evidence, source, case when is_beside then rural_first_miles_amount end as amount
from said
where made_it or is_beside
order by is_beside desc, rule
