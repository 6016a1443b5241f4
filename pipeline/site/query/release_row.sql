-- What a release says of the rows of site_row, in their order, a line each: nothing of those that it
-- does not list. A payment in a facility is written where it is another than in an office. NA: rarely
-- or never done outside a facility (n) or in one (f), or no RVUs at all, so that work is none (w).
with stated as (
  select
    site_row.place, rvu.status_code, national.price_status,
    rvu.work_rvu, national.nonfacility_payment, national.facility_payment,
    concat(
      if(rvu.nonfacility_na, 'n', ''), if(rvu.facility_na, 'f', ''),
      if(rvu.work_rvu + rvu.nonfacility_total_rvu + rvu.facility_total_rvu > 0, '', 'w')
    ) as na,
    value_state, indicator_state, payment_state, description_state
  from rvu
  join payment_national as national using (release_id, hcpcs_code, modifier)
  join site_row using (hcpcs_code, modifier)
  join site_state on site_state.place = site_row.place
  where rvu.release_id = $release_id and national.is_default_class
),
listed as (
  select site_row.place, stated.* exclude (place)
  from site_row
  left join stated using (place)
  where place <= (select max(place) from stated)
)
select
  string_agg(coalesce(status_code, ''), chr(10) order by place) as status_code,
  string_agg(coalesce(cast(value_state as varchar), ''), chr(10) order by place) as value_state,
  string_agg(coalesce(cast(indicator_state as varchar), ''), chr(10) order by place) as indicator_state,
  string_agg(coalesce(cast(payment_state as varchar), ''), chr(10) order by place) as payment_state,
  string_agg(coalesce(cast(description_state as varchar), ''), chr(10) order by place) as description_state,
  string_agg(coalesce(price_status, ''), chr(10) order by place) as price_status,
  string_agg(coalesce(na, ''), chr(10) order by place) as na,
  string_agg(coalesce(cast(work_rvu as varchar), ''), chr(10) order by place) as work_rvu,
  string_agg(coalesce(cast(nonfacility_payment as varchar), ''), chr(10) order by place) as nonfacility_payment,
  string_agg(
    if(facility_payment is not distinct from nonfacility_payment, '=', coalesce(cast(facility_payment as varchar), '')),
    chr(10) order by place
  ) as facility_payment
from listed
