-- Rows for payment_amounts where a payment file has an amount: of every release in force of the
-- file's year, in each of its classes.
select
  payable.* replace (cast($conversion_factor as decimal(6, 4)) as conversion_factor),
  pfrev.nonfacility_price, pfrev.facility_price, pfrev.opps_indicator, pfrev.opps_nonfacility_price,
  pfrev.opps_facility_price, locality.mac, locality.locality_number,
  locality.work_gpci, locality.pe_gpci, locality.mp_gpci
from $payable_rows as payable
join $pfrev as pfrev using (hcpcs_code, modifier)
join release using (release_id, calendar_year)
join locality using (release_id, mac, locality_number)
where release.is_current
