-- What an ambulance is paid depends on the locality where the patient is picked up, and on how rural the
-- place is; one row of the whole country says so. Of air services there is no rate for super-rural places: they
-- are rural. Of the miles by ground in rural places the first 17 have a rate of their own (ambulance_fee), so
-- that the amount is for those after.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'ambulance' as setting,
  case ambulance_area when '' then 'national' else 'mac_locality' end as place_kind,
  case ambulance_area when '' then '' else mac end as mac,
  case ambulance_area when '' then '' else locality_number end as locality_number,
  ambulance_area,
  case ambulance_area when 'urban' then urban_amount when 'rural' then rural_amount when 'super_rural' then coalesce(super_rural_amount, rural_amount) end as amount,
  case
    when unit = 'trip' then 'trip'
    when ambulance_area <> 'urban' and rural_first_miles_amount is not null then 'statute mile from the 18th'
    else 'statute mile'
  end as amount_unit,
  null as patient_share_percent, case when is_provisional then 'priced_by_formula' else 'priced' end as amount_status,
  case when ambulance_area <> '' then '' when price_status = 'priced' then 'by_place' else price_status end as reason, false as defers
from $ambulance_fee as fee
cross join (values (''), ('urban'), ('rural'), ('super_rural')) as area(ambulance_area)
where ambulance_area = '' or price_status = 'priced'
qualify
  ambulance_area <> ''
  or row_number() over (
    partition by release_id, hcpcs_code, ambulance_area order by price_status <> 'priced', price_status, mac, locality_number
  ) = 1
