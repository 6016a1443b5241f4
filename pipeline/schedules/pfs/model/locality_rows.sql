-- Rows for payment_amounts in every locality.
select payable.*, locality.mac, locality.locality_number, locality.work_gpci, locality.pe_gpci, locality.mp_gpci
from $payable_rows as payable
join locality using (release_id)
