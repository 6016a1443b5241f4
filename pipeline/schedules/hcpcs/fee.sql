-- The dictionary has no amounts; of a code that no schedule knows it tells whether Medicare covers it.
-- Where CMS's pricing indicator names none of the schedules, the code is outside of all of them.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'office' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, null as amount, '' as amount_unit, null as patient_share_percent,
  'priced' as amount_status,
  case
    when coverage_code in ('M', 'S') then 'not_covered'
    when coverage_code = 'I' then 'use_another_code'
    when known.priced_under = 'contractor' then 'contractor_priced'
    else 'other_benefit_no_file'
  end as reason,
  true as defers, terminated_on as until
from hcpcs_item
left join hcpcs_indicator as known on known.indicator = 'pricing_indicator' and known.value = hcpcs_item.pricing_indicator
