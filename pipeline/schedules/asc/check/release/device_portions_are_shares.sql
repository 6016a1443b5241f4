-- severity: error above 0.5%
-- The device portion of a device-intensive procedure is its share of devices times the rate of Addendum FF.
-- source: ASC25Q1: 516 of 516
-- payment: of devices.
select 'asc_ff' as file_kind, source_line,
  format(
    '{}: {}% of {} is not {}',
    hcpcs_code, coalesce(device_offset_percent::varchar, 'none'), coalesce(standard_rate::varchar, 'none'), coalesce(device_amount::varchar, 'none')
  ) as finding
from stage.asc_ff
where payment_indicator = 'J8' and coalesce(abs(standard_rate * device_offset_percent / 100 - device_amount) > 0.01 + 0.00005 * standard_rate, true)
