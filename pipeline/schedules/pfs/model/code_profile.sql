-- What a code is worth and how it is billed, in one row: of the row without modifier, or of the
-- 26 row where a code has none such, with its parts, places, peers and sentences beside it.
with standing as (
  select
    rvu.*,
    default_class.* exclude (release_id, hcpcs_code, modifier, status_code, nonfacility_na, facility_na),
    qp.conversion_factor as qp_conversion_factor,
    qp.nonfacility_payment as qp_nonfacility_payment,
    qp.facility_payment as qp_facility_payment
  from rvu
  join (select hcpcs_code, min(modifier) as modifier from rvu group by hcpcs_code) using (hcpcs_code, modifier)
  join payment_national as default_class
    on default_class.hcpcs_code = rvu.hcpcs_code and default_class.modifier = rvu.modifier
    and default_class.is_default_class
  left join payment_national as qp
    on qp.hcpcs_code = rvu.hcpcs_code and qp.modifier = rvu.modifier
    and qp.conversion_factor_class = 'qp'
),
profile as (
  select
    standing.*,
    coalesce(listed.modifiers, '') as modifiers,
    coalesce(places.locality_count, 0) as locality_count,
    places.* exclude (hcpcs_code, locality_count) replace (
      coalesce(places.lowest_nonfacility_locality, '') as lowest_nonfacility_locality,
      coalesce(places.lowest_nonfacility_locality_name, '') as lowest_nonfacility_locality_name,
      coalesce(places.lowest_facility_locality, '') as lowest_facility_locality,
      coalesce(places.lowest_facility_locality_name, '') as lowest_facility_locality_name,
      coalesce(places.median_nonfacility_locality, '') as median_nonfacility_locality,
      coalesce(places.median_nonfacility_locality_name, '') as median_nonfacility_locality_name,
      coalesce(places.median_facility_locality, '') as median_facility_locality,
      coalesce(places.median_facility_locality_name, '') as median_facility_locality_name,
      coalesce(places.highest_nonfacility_locality, '') as highest_nonfacility_locality,
      coalesce(places.highest_nonfacility_locality_name, '') as highest_nonfacility_locality_name,
      coalesce(places.highest_facility_locality, '') as highest_facility_locality,
      coalesce(places.highest_facility_locality_name, '') as highest_facility_locality_name
    ),
    ranks.rank_status,
    ranks.work_rvu as ranked_work_rvu,
    ranks.* exclude (release_id, hcpcs_code, section, rank_status, work_rvu),
    coalesce(neighbours.neighbours_below, '') as neighbours_below,
    coalesce(neighbours.neighbours_above, '') as neighbours_above,
    coalesce(families.endoscopic_family, '') as endoscopic_family,
    coalesce(families.endoscopic_family_count, 0) as endoscopic_family_count,
    coalesce(professional.price_status, '') as professional_price_status,
    professional.work_rvu as professional_work_rvu,
    professional.nonfacility_total_rvu as professional_nonfacility_total_rvu,
    professional.facility_total_rvu as professional_facility_total_rvu,
    professional.nonfacility_payment as professional_nonfacility_payment,
    professional.facility_payment as professional_facility_payment,
    coalesce(technical.price_status, '') as technical_price_status,
    technical.nonfacility_total_rvu as technical_nonfacility_total_rvu,
    technical.facility_total_rvu as technical_facility_total_rvu,
    technical.nonfacility_payment as technical_nonfacility_payment,
    technical.facility_payment as technical_facility_payment,
    coalesce(discontinued.price_status, '') as discontinued_price_status,
    discontinued.work_rvu as discontinued_work_rvu,
    discontinued.nonfacility_total_rvu as discontinued_nonfacility_total_rvu,
    discontinued.facility_total_rvu as discontinued_facility_total_rvu,
    discontinued.nonfacility_payment as discontinued_nonfacility_payment,
    discontinued.facility_payment as discontinued_facility_payment
  from standing
  join work_rvu_rank as ranks using (hcpcs_code)
  left join (
    select hcpcs_code, string_agg(distinct modifier, ',' order by modifier) as modifiers
    from rvu
    where modifier <> ''
    group by hcpcs_code
  ) as listed using (hcpcs_code)
  left join $places as places using (hcpcs_code)
  left join $neighbours as neighbours using (hcpcs_code)
  left join $families as families using (hcpcs_code)
  left join $components as professional
    on professional.hcpcs_code = standing.hcpcs_code and professional.modifier = '26'
  left join $components as technical
    on technical.hcpcs_code = standing.hcpcs_code and technical.modifier = 'TC'
  left join $components as discontinued
    on discontinued.hcpcs_code = standing.hcpcs_code and discontinued.modifier = '53'
)
select *, $sentences as sentences
from profile
