-- What the Physician Fee Schedule pays for the default class of conversion factor: nationally (as if
-- each index were 1) and, where there is an amount, in every locality; in the office and to a
-- practitioner in a facility.
select
  place.release_id, place.hcpcs_code, place.modifier, '' as modifier2, side.setting,
  place.place_kind, place.mac, place.locality_number,
  case side.setting when 'office' then place.nonfacility_payment else place.facility_payment end as amount,
  'service' as amount_unit, null as patient_share_percent, 'priced' as amount_status,
  case place.price_status
    when 'priced' then ''
    when 'carrier_priced' then 'contractor_priced'
    when 'anesthesia' then 'anesthesia_formula'
    when 'other_benefit' then 'other_benefit_no_file'
    else place.price_status
  end as reason,
  place.price_status in ('other_benefit', 'use_another_code', 'not_covered') as defers
from (
  select
    release_id, hcpcs_code, modifier, 'national' as place_kind, '' as mac, '' as locality_number,
    price_status, nonfacility_payment, facility_payment
  from payment_national
  where is_default_class
  union all
  select
    release_id, hcpcs_code, modifier, 'mac_locality' as place_kind, mac, locality_number,
    price_status, nonfacility_payment, facility_payment
  from payment_locality
  where is_default_class and price_status in ('priced', 'gpci_missing')
) as place
cross join (values ('office'), ('facility_professional')) as side(setting)
