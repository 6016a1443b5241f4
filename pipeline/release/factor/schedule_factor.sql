-- The factor of a release: of all that its weights and rates allow, the one that gives most of its rates.
-- $weights has the columns weight and rate of each row with a weight; $curated are the published factors.
with weighed as (
  select weight, rate from $weights where weight > 0 and rate is not null
),
-- Rates are rounded to cents, so that a factor of three decimals shows best in the heaviest weights. It is
-- their quotient in whole thousandths, rounded half up, without a float.
heaviest as (
  select
    (rate * 1000)::hugeint as dollar_thousandths,
    (weight * 10000)::hugeint as weight_ten_thousandths
  from weighed
  order by weight desc, rate
  limit 200
),
candidate as (
  select
    ((20000 * dollar_thousandths + weight_ten_thousandths) // (2 * weight_ten_thousandths)) as thousandths,
    max(weight_ten_thousandths) as heaviest_weight
  from heaviest
  group by all
  having thousandths between 1 and 999999999
),
tried as (
  select
    factor,
    heaviest_weight,
    count(*) as weight_count,
    count(*) filter (round(weight * factor, 2) = rate) as matched_weight_count
  from (select (thousandths::decimal(9, 0) * 0.001)::decimal(9, 3) as factor, heaviest_weight from candidate)
  cross join weighed
  group by all
),
best as (
  from tried order by matched_weight_count desc, heaviest_weight desc, factor limit 1
)
select
  '$schedule' as schedule,
  this_release.release_id,
  this_release.effective_from,
  best.factor as derived_factor,
  best.weight_count,
  best.matched_weight_count,
  curated.factor as curated_factor,
  coalesce(curated.source, '') as factor_source
from best
cross join this_release
left join $curated as curated
  on curated.program = '$program'
  and this_release.effective_from between curated.effective_from and curated.effective_to
