-- The days on which a surgery pays for what else its surgeon does: the day before (090), its own day, and
-- 10 or 90 days after. Who assists, stops or returns (78) begins none; with 54 none follows, and
-- with 55 only what follows is paid for. Of equal surgery of a day one code stands for all.
with surgery as (
  select
    line.patient_key, line.specialist_key, line.date_of_service, basis.global_days, modifier_set.global_part,
    min(line.hcpcs_code) as hcpcs_code
  from claim_line as line
  join (select distinct patient_key from global_service) as patient on patient.patient_key = line.patient_key
  join service_day on service_day.service_day = line.date_of_service
  join modifier_set
    on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
    and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
  join price_basis as basis
    on basis.release_number = service_day.release_number and basis.hcpcs_code = line.hcpcs_code and basis.component = ''
  left join denied_line on denied_line.line_id = line.line_id
  where basis.global_days in ('000', '010', '090') and basis.national_price_status in ('priced', 'carrier_priced')
    and modifier_set.surgeon_role not in ('assistant', 'npp_assistant') and modifier_set.component not in ('TC', '53')
    and modifier_set.global_part in ('', '54', '55') and modifier_set.denial = '' and denied_line.line_id is null
  group by line.patient_key, line.specialist_key, line.date_of_service, basis.global_days, modifier_set.global_part
)
select
  patient_key, specialist_key, date_of_service as surgery_day, hcpcs_code as surgery_code, global_days,
  'before' as period_part, date_of_service - 1 as from_day, date_of_service - 1 as to_day
from surgery
where global_days = '090' and global_part <> '55'
union all
select
  patient_key, specialist_key, date_of_service, hcpcs_code, global_days, 'on', date_of_service, date_of_service
from surgery
where global_part <> '55'
union all
select
  patient_key, specialist_key, date_of_service, hcpcs_code, global_days, 'after', date_of_service + 1,
  case when global_days = '090' then date_of_service + 90 else date_of_service + 10 end
from surgery
where global_days in ('010', '090') and global_part <> '54'
