-- The final rule tells which codes a hospital may not bill any more; its amounts are those of the quarter.
-- Only what it leaves to other schedules may be said to be paid there: an inpatient procedure is not.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'outpatient_hospital' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, null as amount, '' as amount_unit, null as patient_share_percent,
  'priced' as amount_status, case status_indicator when 'D' then 'not_valid' else 'no_schedule' end as reason,
  coalesce(opps_status_price.price_status = 'paid_under_another_schedule', false) as defers
from opps_rule_code
left join opps_status_price using (status_indicator)
