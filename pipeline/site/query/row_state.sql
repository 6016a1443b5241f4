-- What each release says of the rows of site_row, in their order, a line each: nothing of those that
-- it does not list. A state is the number of the first release that said the same of the row, so
-- that any two releases say the same where their states are the same. $values and $indicators are
-- the columns of rvu that are compared; a payment in a facility is written where it is another
-- than in an office. NA: rarely or never done outside a facility (n) or in one (f), or no RVUs at all,
-- so that work is none (w).
with stated as (
  select
    rvu.release_id, rvu.hcpcs_code, rvu.modifier, rvu.status_code, national.price_status,
    rvu.work_rvu, national.nonfacility_payment, national.facility_payment,
    concat(
      if(rvu.nonfacility_na, 'n', ''), if(rvu.facility_na, 'f', ''),
      if(rvu.work_rvu + rvu.nonfacility_total_rvu + rvu.facility_total_rvu > 0, '', 'w')
    ) as na,
    min(number) over (partition by rvu.hcpcs_code, rvu.modifier, $values) as value_state,
    min(number) over (partition by rvu.hcpcs_code, rvu.modifier, $indicators) as indicator_state,
    min(number) over (
      partition by rvu.hcpcs_code, rvu.modifier, national.nonfacility_payment, national.facility_payment
    ) as payment_state,
    min(number) over (partition by rvu.hcpcs_code, rvu.modifier, rvu.description) as description_state
  from rvu
  join payment_national as national using (release_id, hcpcs_code, modifier)
  join numbered_release using (release_id)
  where national.is_default_class
),
listed as (
  select numbered_release.release_id, site_row.place, stated.* exclude (release_id, hcpcs_code, modifier)
  from numbered_release
  cross join site_row
  left join stated
    on stated.release_id = numbered_release.release_id and stated.hcpcs_code = site_row.hcpcs_code
    and stated.modifier = site_row.modifier
  qualify place <= max(if(stated.status_code is null, 0, place)) over (partition by numbered_release.release_id)
)
select
  release_id,
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
group by release_id
order by release_id
