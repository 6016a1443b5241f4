-- What an ambulance is paid depends on the locality where the patient is picked up, and on how rural the
-- place is. Of air services there is no rate for super-rural places: they are rural. Of the miles by ground
-- in rural places the first 17 have a rate of their own (ambulance_fee), so that the amount is for those after.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'ambulance' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, '' as ambulance_area, null as amount, '' as amount_unit, null as patient_share_percent,
  'priced' as amount_status,
  case when bool_or(price_status = 'priced') then 'by_place' else max(price_status) end as reason, false as defers
from $ambulance_fee
group by release_id, hcpcs_code
union all
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'ambulance' as setting, 'mac_locality' as place_kind,
  mac, locality_number, area.ambulance_area,
  case area.ambulance_area when 'urban' then urban_amount when 'rural' then rural_amount else coalesce(super_rural_amount, rural_amount) end as amount,
  case
    when unit = 'trip' then 'trip'
    when area.ambulance_area <> 'urban' and rural_first_miles_amount is not null then 'statute mile from the 18th'
    else 'statute mile'
  end as amount_unit,
  null as patient_share_percent, case when is_provisional then 'priced_by_formula' else 'priced' end as amount_status,
  '' as reason, false as defers
from $ambulance_fee as fee
cross join (values ('urban'), ('rural'), ('super_rural')) as area(ambulance_area)
where price_status = 'priced'
