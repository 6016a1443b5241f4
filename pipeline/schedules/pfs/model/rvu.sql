-- Every code and modifier of the release with its section and all indicators.
-- opps_work_rvu: CMS computes the ceiling of a carrier-priced whole service with the work of
-- the code's 26 row, because the whole service itself carries none (pfs-rules 3.2).
-- paid_work_rvu: in 2007 and 2008 Medicare paid by the work RVU times an adjustor (pfs-rules 1.3).
with paid as (
  select
    pprrvu.*,
    cast(round(work_rvu * coalesce(work_adjustor, 1), 2) as decimal(6, 2)) as paid_work_rvu
  from stage.pprrvu as pprrvu
  cross join this_release
  left join work_adjustor using (calendar_year)
),
coded as (
  select
    *,
    case
      when regexp_full_match(hcpcs_code, '[0-9]{5}') then 'numeric'
      when regexp_full_match(hcpcs_code, '[0-9]{4}[A-Z]') then 'suffix_' || right(hcpcs_code, 1)
      else 'level_2'
    end as code_kind
  from paid
)
select
  this_release.release_id,
  coded.* exclude (code_kind, conversion_factor),
  case when this_release.is_sample then 'own' else 'cms' end as description_status,
  coalesce(code_section.code_system, '') as code_system,
  coalesce(code_section.section, '') as section,
  coalesce(code_section.subsection, '') as subsection,
  case
    when coded.status_code = 'C' and coded.modifier = '' then coalesce(professional.paid_work_rvu, coded.paid_work_rvu)
    else coded.paid_work_rvu
  end as opps_work_rvu,
  this_release.main_file as source_file,
  qp.nonfacility_opps_pe_rvu as qp_nonfacility_opps_pe_rvu,
  qp.facility_opps_pe_rvu as qp_facility_opps_pe_rvu,
  qp.opps_mp_rvu as qp_opps_mp_rvu
from coded
cross join this_release
left join code_section
  on code_section.code_kind = coded.code_kind
  and coded.hcpcs_code between code_section.first_code and code_section.last_code
left join stage.pprrvu_qpp as qp using (hcpcs_code, modifier)
left join paid as professional
  on professional.hcpcs_code = coded.hcpcs_code and professional.modifier = '26'
