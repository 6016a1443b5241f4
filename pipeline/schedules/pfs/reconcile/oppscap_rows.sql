-- Rows for payment_amounts where OPPSCAP has an amount. $conversion_factor is the release's own,
-- or another one to learn whether CMS's file was computed with that.
select
  payable.* replace (cast($conversion_factor as decimal(6, 4)) as conversion_factor),
  oppscap.mac as cms_mac, oppscap.locality_number as cms_locality, oppscap.facility_price, oppscap.nonfacility_price,
  locality.work_gpci, locality.pe_gpci, locality.mp_gpci
from $payable_rows as payable
join stage.oppscap as oppscap using (hcpcs_code, modifier)
join locality
  on locality.locality_number = oppscap.locality_number
  and locality.mac = case
    when oppscap.mac = '01112' and oppscap.locality_number in ('17', '18', '71', '72', '73', '74') then '01182'
    else oppscap.mac
  end
where payable.is_default_class and locality.gpci_status = 'cms'
