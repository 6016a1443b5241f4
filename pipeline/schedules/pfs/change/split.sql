-- The change of a payment and what RVUs, indices and conversion factor did to it. $formula is
-- formula.sql over corners.sql.
--
-- Each effect is split in unrounded dollars and then written with six decimals; what is left of
-- the change in cents is due to rounding, so that the four parts add up to the change.
with mixed as (
  select
    release_id, previous_release_id, hcpcs_code, modifier, mac, locality_number, is_before, is_after,
    rvu_weight, gpci_weight, factor_weight,
    -- Billionths of a dollar: the exact amounts have nine decimals.
    cast(cast(least(nonfacility_exact, nonfacility_opps_exact) as decimal(28, 9)) * 1000000000 as bigint) as nonfacility_billionths,
    cast(cast(least(facility_exact, facility_opps_exact) as decimal(28, 9)) * 1000000000 as bigint) as facility_billionths
  from $formula
),
summed as (
  select
    release_id, previous_release_id, hcpcs_code, modifier, mac, locality_number,
    sum(nonfacility_billionths) filter (where is_before)::bigint as nonfacility_before,
    sum(nonfacility_billionths) filter (where is_after)::bigint as nonfacility_after,
    sum(nonfacility_billionths * rvu_weight)::bigint as nonfacility_rvu_sixths,
    sum(nonfacility_billionths * gpci_weight)::bigint as nonfacility_gpci_sixths,
    sum(nonfacility_billionths * factor_weight)::bigint as nonfacility_factor_sixths,
    sum(facility_billionths) filter (where is_before)::bigint as facility_before,
    sum(facility_billionths) filter (where is_after)::bigint as facility_after,
    sum(facility_billionths * rvu_weight)::bigint as facility_rvu_sixths,
    sum(facility_billionths * gpci_weight)::bigint as facility_gpci_sixths,
    sum(facility_billionths * factor_weight)::bigint as facility_factor_sixths
  from mixed
  group by all
),
-- Integers divided half away from zero, as all rounding here.
parted as (
  select
    release_id, previous_release_id, hcpcs_code, modifier, mac, locality_number,
    cast(round(cast(nonfacility_before as decimal(24, 0)) * cast(0.000000001 as decimal(9, 9)), 2) as decimal(9, 2)) as nonfacility_payment_before,
    cast(round(cast(nonfacility_after as decimal(24, 0)) * cast(0.000000001 as decimal(9, 9)), 2) as decimal(9, 2)) as nonfacility_payment_after,
    cast(round(cast(facility_before as decimal(24, 0)) * cast(0.000000001 as decimal(9, 9)), 2) as decimal(9, 2)) as facility_payment_before,
    cast(round(cast(facility_after as decimal(24, 0)) * cast(0.000000001 as decimal(9, 9)), 2) as decimal(9, 2)) as facility_payment_after,
    cast(sign(nonfacility_rvu_sixths) * ((abs(nonfacility_rvu_sixths) + 3000) // 6000) as decimal(24, 0)) * cast(0.000001 as decimal(6, 6)) as nonfacility_due_to_rvu,
    cast(sign(nonfacility_gpci_sixths) * ((abs(nonfacility_gpci_sixths) + 3000) // 6000) as decimal(24, 0)) * cast(0.000001 as decimal(6, 6)) as nonfacility_due_to_gpci,
    cast(sign(nonfacility_factor_sixths) * ((abs(nonfacility_factor_sixths) + 3000) // 6000) as decimal(24, 0)) * cast(0.000001 as decimal(6, 6)) as nonfacility_due_to_conversion_factor,
    cast(sign(facility_rvu_sixths) * ((abs(facility_rvu_sixths) + 3000) // 6000) as decimal(24, 0)) * cast(0.000001 as decimal(6, 6)) as facility_due_to_rvu,
    cast(sign(facility_gpci_sixths) * ((abs(facility_gpci_sixths) + 3000) // 6000) as decimal(24, 0)) * cast(0.000001 as decimal(6, 6)) as facility_due_to_gpci,
    cast(sign(facility_factor_sixths) * ((abs(facility_factor_sixths) + 3000) // 6000) as decimal(24, 0)) * cast(0.000001 as decimal(6, 6)) as facility_due_to_conversion_factor
  from summed
)
select
  release_id, previous_release_id, hcpcs_code, modifier, mac, locality_number,
  nonfacility_payment_before,
  nonfacility_payment_after,
  cast(nonfacility_payment_after - nonfacility_payment_before as decimal(9, 2)) as nonfacility_payment_change,
  cast(nonfacility_due_to_rvu as decimal(15, 6)) as nonfacility_due_to_rvu,
  cast(nonfacility_due_to_gpci as decimal(15, 6)) as nonfacility_due_to_gpci,
  cast(nonfacility_due_to_conversion_factor as decimal(15, 6)) as nonfacility_due_to_conversion_factor,
  cast(nonfacility_payment_after - nonfacility_payment_before - nonfacility_due_to_rvu - nonfacility_due_to_gpci - nonfacility_due_to_conversion_factor as decimal(15, 6)) as nonfacility_due_to_rounding,
  facility_payment_before,
  facility_payment_after,
  cast(facility_payment_after - facility_payment_before as decimal(9, 2)) as facility_payment_change,
  cast(facility_due_to_rvu as decimal(15, 6)) as facility_due_to_rvu,
  cast(facility_due_to_gpci as decimal(15, 6)) as facility_due_to_gpci,
  cast(facility_due_to_conversion_factor as decimal(15, 6)) as facility_due_to_conversion_factor,
  cast(facility_payment_after - facility_payment_before - facility_due_to_rvu - facility_due_to_gpci - facility_due_to_conversion_factor as decimal(15, 6)) as facility_due_to_rounding
from parted
