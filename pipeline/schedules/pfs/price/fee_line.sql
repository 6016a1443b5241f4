-- The fee of one unit by the RVU formula ($fee), the OPPS amount by the same formula ($opps_fee), each
-- rounded once, half up to cents; and for anesthesia base and time units.
select
  gated_line.*,
  $fee as rvu_fee,
  case when opps_pe_rvu + opps_mp_rvu > 0 then $opps_fee end as opps_amount,
  -- A fifteenth of the minutes, to one decimal: no whole number of minutes ends in a tie, so a
  -- factor of eight decimals gives the same as a division.
  case
    when not is_anesthesia then null
    when anesthesia_role = 'supervised' or takes_no_time then cast(0 as decimal(7, 1))
    when anesthesia_minutes between 1 and 9999 then
      cast(round(cast(anesthesia_minutes as decimal(4, 0)) * cast(0.06666667 as decimal(9, 8)), 1) as decimal(7, 1))
  end as time_units
from $gated_line as gated_line
