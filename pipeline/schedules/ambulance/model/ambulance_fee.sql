-- The amounts of CMS's file where one of the year is held, else those of the formula.
select
  file.release_id, file.hcpcs_code, file.mac, file.locality_number, item.service_kind, item.unit, file.rvu, file.gpci,
  file.base_amount, file.urban_amount, file.rural_amount, file.super_rural_amount, file.rural_first_miles_amount,
  case when file.urban_amount is null then 'no_fee_published' else 'priced' end as price_status,
  'file' as amount_basis, false as is_provisional
from ambulance_file_fee as file
join ambulance_rvu as item using (hcpcs_code)
union all by name
select * exclude (calendar_year), 'formula' as amount_basis, true as is_provisional
from $formula
where calendar_year not in (select calendar_year from release where schedule = 'ambulance')
