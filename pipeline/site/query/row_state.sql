-- What $release says of each row of site_row, as states. A state is the number of the first release that
-- said the same of the row, so that any two releases say the same where their states are the same.
-- $values and $indicators are the columns of rvu that are compared; site_said has what the releases
-- before say first, by a hash of all its texts.
with told as (
  select
    site_row.place, numbered_release.number,
    md5_number_lower(cast(to_json([$values]) as varchar)) as value_hash,
    md5_number_lower(cast(to_json([$indicators]) as varchar)) as indicator_hash,
    md5_number_lower(cast(to_json([national.nonfacility_payment, national.facility_payment]) as varchar)) as payment_hash,
    md5_number_lower(rvu.description) as wording_hash
  from rvu
  join payment_national as national using (release_id, hcpcs_code, modifier)
  join numbered_release using (release_id)
  join site_row using (hcpcs_code, modifier)
  where national.is_default_class and rvu.release_id = $release
)
select
  told.*,
  coalesce(of_value.number, told.number) as value_state,
  coalesce(of_indicator.number, told.number) as indicator_state,
  coalesce(of_payment.number, told.number) as payment_state,
  coalesce(of_wording.number, told.number) as description_state
from told
left join (from site_said where kind = 'value') as of_value
  on of_value.place = told.place and of_value.hash = value_hash
left join (from site_said where kind = 'indicator') as of_indicator
  on of_indicator.place = told.place and of_indicator.hash = indicator_hash
left join (from site_said where kind = 'payment') as of_payment
  on of_payment.place = told.place and of_payment.hash = payment_hash
left join (from site_said where kind = 'wording') as of_wording
  on of_wording.place = told.place and of_wording.hash = wording_hash
