-- severity: error above 0.5%
-- The rate of a device-intensive procedure is its device portion and the scaled rest, within two cents.
-- source: ASC25Q1: 513 of 516; not 0884T, 0885T and 0886T
-- payment: of devices.
select 'asc_ff' as file_kind, ff.source_line,
  format(
    '{}: {} for devices and the scaled rest of {} are not {}',
    hcpcs_code, coalesce(ff.device_amount::varchar, 'none'), coalesce(ff.standard_rate::varchar, 'none'), coalesce(aa.payment_rate::varchar, 'none')
  ) as finding
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
cross join release_ratio
cross join release_factor
where aa.payment_indicator = 'J8'
  and coalesce(abs(ff.device_amount + (ff.standard_rate - ff.device_amount) * derived_ratio * derived_factor - aa.payment_rate) > 0.025, true)
