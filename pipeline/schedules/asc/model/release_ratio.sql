-- How much weight one dollar of standard_rate (Addendum FF) gives in this release: as the heaviest procedures
-- have it, and as the published scalar and outpatient factor give it; NULL where nothing tells.
-- A ratio is no amount: it is compared within 0.0001 of a weight, which its digits are far below.
with heaviest as (
  select aa.payment_weight::double / ff.standard_rate as ratio
  from stage.asc_aa as aa
  join stage.asc_ff as ff using (hcpcs_code)
  join asc_payment_indicator as meant on meant.payment_indicator = aa.payment_indicator
  where meant.amount_basis = 'weight' and aa.payment_indicator <> 'J8' and aa.payment_weight > 0 and ff.standard_rate > 0
  order by aa.payment_weight desc, aa.hcpcs_code
  limit 21
),
published as (
  select scalar.weight_scalar, scalar.weight_scalar::double / outpatient.factor as ratio
  from this_release
  join asc_weight_scalar as scalar on this_release.effective_from between scalar.effective_from and scalar.effective_to
  join $factors as outpatient
    on outpatient.program = 'opps'
    and this_release.effective_from between outpatient.effective_from and outpatient.effective_to
)
select
  (select median(ratio) from heaviest) as derived_ratio,
  (select ratio from published) as published_ratio
