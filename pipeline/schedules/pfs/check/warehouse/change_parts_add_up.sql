-- severity: error
-- The parts of a payment's change add up to it, and it is the difference of the two payments.
-- payment: none; our own arithmetic, which is never wrong.
select release_id, format('{}: the parts of its change do not add up', trim(hcpcs_code || ' ' || modifier)) as finding
from rvu_change
where nonfacility_payment_change <> nonfacility_payment_after - nonfacility_payment_before
  or facility_payment_change <> facility_payment_after - facility_payment_before
  or nonfacility_payment_change <> nonfacility_due_to_rvu + nonfacility_due_to_gpci + nonfacility_due_to_conversion_factor + nonfacility_due_to_rounding
  or facility_payment_change <> facility_due_to_rvu + facility_due_to_gpci + facility_due_to_conversion_factor + facility_due_to_rounding
  or (price_status_before = 'priced' and price_status_after = 'priced') <> (nonfacility_payment_change is not null)
