-- Lines of status T in a group with another service under this fee schedule.
with member as (
  select line.line_id, line.patient_key, line.provider_key, line.date_of_service, basis.status_code, basis.national_price_status
  from claim_line as line
  join (
    select distinct patient_key, provider_key, date_of_service
    from claim_line
    where hcpcs_code in (select hcpcs_code from price_basis where status_code = 'T')
  ) as lone_group
    on lone_group.patient_key = line.patient_key and lone_group.provider_key = line.provider_key
    and lone_group.date_of_service = line.date_of_service
  join service_day on service_day.service_day = line.date_of_service
  join modifier_set
    on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
    and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
  join price_basis as basis
    on basis.release_number = service_day.release_number and basis.hcpcs_code = line.hcpcs_code and basis.component = modifier_set.component
),
company as (
  select
    member.*,
    sum(case when status_code <> 'T' and national_price_status in ('priced', 'carrier_priced', 'anesthesia') then 1 else 0 end) over (
      partition by patient_key, provider_key, date_of_service
    ) as others
  from member
)
select
  line_id, false as is_paired,
  cast(1 as decimal(6, 4)) as pair_factor,
  cast(null as decimal(12, 2)) as compared_charge,
  1 as counted_units,
  cast(null as decimal(12, 2)) as procedure_amount,
  '' as same_day_rule,
  cast(null as decimal(12, 2)) as family_deduction,
  cast(null as integer) as units_before,
  cast(null as decimal(6, 4)) as later_factor,
  cast(null as decimal(12, 2)) as technical_amount,
  cast(null as decimal(12, 2)) as professional_amount,
  cast(null as integer) as professional_units_before,
  cast(null as decimal(6, 4)) as professional_later_factor,
  cast(null as decimal(12, 2)) as first_unit_amount,
  cast(null as decimal(12, 2)) as later_unit_amount,
  cast(null as decimal(12, 2)) as first_unit_cap,
  cast(null as decimal(12, 2)) as later_unit_cap,
  $step_paid_alone_only as same_day_gate
from company
where status_code = 'T' and others > 0
