-- The fee of one unit by the RVU formula, the OPPS amount by the same formula, and for
-- anesthesia base and time units; each rounded once, half up to cents.
select
  gated_line.*,
  status_code = 'J' as is_anesthesia,
  cast(round(cast(work_rvu * work_gpci + pe_rvu * pe_gpci + mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor, 2) as decimal(12, 2))
    as rvu_fee,
  case when opps_pe_rvu + opps_mp_rvu > 0 then
    cast(round(cast(opps_work_rvu * work_gpci + opps_pe_rvu * pe_gpci + opps_mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor, 2) as decimal(12, 2))
  end as opps_amount,
  -- A fifteenth of the minutes, to one decimal: no whole number of minutes ends in a tie, so a
  -- factor of eight decimals gives the same as a division.
  case
    when status_code <> 'J' then null
    when anesthesia_role = 'supervised' or takes_no_time then cast(0 as decimal(7, 1))
    when anesthesia_minutes between 1 and 9999 then
      cast(round(cast(anesthesia_minutes as decimal(4, 0)) * cast(0.06666667 as decimal(9, 8)), 1) as decimal(7, 1))
  end as time_units,
  case when anesthesia_role = 'supervised' then cast(3 as decimal(4, 0)) else cast(base_units as decimal(4, 0)) end
    as counted_base_units
from $gated_line as gated_line
