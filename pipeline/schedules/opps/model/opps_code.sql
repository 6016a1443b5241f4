-- Every code of the quarter with what its status indicator says of payment.
-- payment_rate: a rate under an indicator that has none is no price (50600, inpatient only), and its
-- copayments are none either.
with coded as (
  select
    addendum.*,
    case
      when known.price_status is null then 'unknown_status_indicator'
      when known.has_rate and addendum.payment_rate is null then 'no_fee_published'
      else known.price_status
    end as price_status,
    coalesce(known.has_rate, false) as has_rate
  from stage.addendum_b as addendum
  left join status_price as known using (status_indicator)
)
select
  this_release.release_id,
  hcpcs_code,
  status_indicator,
  price_status,
  apc,
  relative_weight,
  if(has_rate, payment_rate, null) as payment_rate,
  if(has_rate, national_copayment, null) as national_copayment,
  if(has_rate, minimum_copayment, null) as minimum_copayment,
  ira_coinsurance_percent,
  if(has_rate, adjusted_copayment, null) as adjusted_copayment,
  pass_through_expires,
  is_changed,
  note,
  description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  this_release.main_file as source_file,
  source_line
from coded
cross join this_release
