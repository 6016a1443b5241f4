-- severity: error above 0.5%
-- All procedures of an APC have the same share of devices of the APC.
-- source: ASC25Q1: 3,740 of 3,740 rows of 115 APCs
-- payment: none by itself; it proves that two columns of Addendum FF are of one row.
select 'asc_ff' as file_kind, source_line,
  format(
    '{}: APC {} has the device offset {} here, and {} in most rows',
    hcpcs_code, apc, coalesce(apc_device_offset_percent::varchar, 'none'), if(usual < 0, 'none', usual::varchar)
  ) as finding
from (
  select *, mode(coalesce(apc_device_offset_percent, -1)) over (partition by apc) as usual from stage.asc_ff where apc <> ''
)
where coalesce(apc_device_offset_percent, -1) <> usual
