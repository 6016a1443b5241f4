-- What each release says of the rows of codes that begin with $first, as states. A state is the number
-- of the first release that said the same of the row, so that any two releases say the same where
-- their states are the same. $values and $indicators are the columns of rvu that are compared.
select
  cast(number as usmallint) as number,
  place,
  cast(min(number) over (partition by place, $values) as usmallint) as value_state,
  cast(min(number) over (partition by place, $indicators) as usmallint) as indicator_state,
  cast(min(number) over (
    partition by place, national.nonfacility_payment, national.facility_payment
  ) as usmallint) as payment_state,
  cast(min(number) over (partition by place, rvu.description) as usmallint) as description_state
from rvu
join payment_national as national using (release_id, hcpcs_code, modifier)
join numbered_release using (release_id)
join site_row using (hcpcs_code, modifier)
where national.is_default_class and starts_with(rvu.hcpcs_code, $first)
