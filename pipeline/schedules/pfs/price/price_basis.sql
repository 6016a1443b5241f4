-- What the price of a line is made of, but for its place: one row per release and code in use and
-- component ('', 26, TC, 53). Where the release has no row for a component of a code that it
-- has, row_kind says so, and the indicators are those of the whole service.
with used_release as (
  select distinct release_id, release_number, calendar_year from service_day where release_id is not null
),
family_base as (
  select distinct release_id, endoscopic_base_code from rvu where endoscopic_base_code <> ''
),
base_unit_year as (
  -- The year of the release or the last one before it, else the first that is known.
  select
    used_release.release_id,
    coalesce(
      max(case when unit.calendar_year <= used_release.calendar_year then unit.calendar_year end),
      min(unit.calendar_year)
    ) as calendar_year
  from used_release cross join anesthesia_base_unit as unit
  group by used_release.release_id
),
base_unit as (
  select base_unit_year.release_id, unit.hcpcs_code, unit.base_units, unit.calendar_year
  from base_unit_year
  join anesthesia_base_unit as unit on unit.calendar_year = base_unit_year.calendar_year
),
status as (
  select release_id, hcpcs_code, modifier, price_status from payment_national where is_default_class
),
present as (
  select rvu.release_id, used_release.release_number, rvu.hcpcs_code, rvu.modifier as component, rvu.modifier, 'present' as row_kind
  from rvu
  join used_release on used_release.release_id = rvu.release_id
  join used_code on used_code.hcpcs_code = rvu.hcpcs_code
),
absent as (
  select whole.release_id, used_release.release_number, whole.hcpcs_code, wanted.component, '' as modifier, 'absent' as row_kind
  from rvu as whole
  join used_release on used_release.release_id = whole.release_id
  join used_code on used_code.hcpcs_code = whole.hcpcs_code
  join component_number as wanted on wanted.component <> ''
  left join rvu as own
    on own.release_id = whole.release_id and own.hcpcs_code = whole.hcpcs_code and own.modifier = wanted.component
  where whole.modifier = '' and own.hcpcs_code is null
),
listed as (select * from present union all select * from absent)
select basis.*, $code_gates as code_gate, $hospital_gates as hospital_gate
from (select
  listed.release_number, listed.hcpcs_code, listed.component, listed.row_kind,
  component_number.component_number,
  rvu.status_code, status.price_status as national_price_status,
  rvu.paid_work_rvu as work_rvu, rvu.nonfacility_pe_rvu, rvu.facility_pe_rvu, rvu.mp_rvu,
  rvu.opps_work_rvu, rvu.nonfacility_opps_pe_rvu, rvu.facility_opps_pe_rvu, rvu.opps_mp_rvu,
  coalesce(rvu.qp_nonfacility_opps_pe_rvu, rvu.nonfacility_opps_pe_rvu) as qp_nonfacility_opps_pe_rvu,
  coalesce(rvu.qp_facility_opps_pe_rvu, rvu.facility_opps_pe_rvu) as qp_facility_opps_pe_rvu,
  coalesce(rvu.qp_opps_mp_rvu, rvu.opps_mp_rvu) as qp_opps_mp_rvu,
  professional.paid_work_rvu as pc_work_rvu, professional.nonfacility_pe_rvu as pc_nonfacility_pe_rvu,
  professional.facility_pe_rvu as pc_facility_pe_rvu, professional.mp_rvu as pc_mp_rvu,
  rvu.nonfacility_na, rvu.facility_na, rvu.pctc_indicator, rvu.bilateral_indicator,
  rvu.assistant_surgeon_indicator, rvu.co_surgeon_indicator, rvu.team_surgeon_indicator,
  rvu.global_days, rvu.preoperative_share, rvu.intraoperative_share, rvu.postoperative_share,
  case
    when rvu.bilateral_indicator = '1' then $factor_bilateral
    when rvu.bilateral_indicator = '3' then cast(2 as decimal(6, 4))
    else cast(1 as decimal(6, 4))
  end as both_sides_factor,
  case
    when rvu.status_code = 'T' or listed.row_kind = 'absent' then ''
    when rvu.status_code = 'J' and untimed.hcpcs_code is null and listed.hcpcs_code not in ($anesthesia_add_ons) then 'anesthesia'
    else $rule_class
  end as rule_class,
  rvu.multiple_procedure_indicator,
  coalesce(nullif(rvu.endoscopic_base_code, ''), family_base.endoscopic_base_code, '') as family_code,
  family_base.endoscopic_base_code is not null as is_family_base,
  base_unit.base_units, base_unit.calendar_year as base_unit_year, untimed.hcpcs_code is not null as takes_no_time,
  listed.hcpcs_code in ($codes_by_unit) as is_paid_by_unit, $is_ct as is_ct
from listed
join component_number on component_number.component = listed.component
join rvu
  on rvu.release_id = listed.release_id and rvu.hcpcs_code = listed.hcpcs_code and rvu.modifier = listed.modifier
join status
  on status.release_id = rvu.release_id and status.hcpcs_code = rvu.hcpcs_code and status.modifier = rvu.modifier
left join rvu as professional
  on professional.release_id = rvu.release_id and professional.hcpcs_code = rvu.hcpcs_code
  and professional.modifier = '26' and rvu.modifier = '' and rvu.pctc_indicator = '1'
left join family_base
  on family_base.release_id = rvu.release_id and family_base.endoscopic_base_code = rvu.hcpcs_code
left join base_unit on base_unit.release_id = rvu.release_id and base_unit.hcpcs_code = rvu.hcpcs_code
left join anesthesia_without_time as untimed on untimed.hcpcs_code = rvu.hcpcs_code
) as basis
