-- severity: error above 0.2%
-- Temporarily office-based are procedures with P2, P3 or R2, non-opioid drugs and devices with K2 or L6; pass-through ends for drugs and devices with K2 or J7.
-- source: ASC25Q1: 9 of 9, 10 of 10 and 25 of 25
-- payment: of the share that the patient pays, and of what is paid next quarter.
select file_kind, source_line, format('{} has the mark {} and payment indicator {}', hcpcs_code, mark, payment_indicator) as finding
from (
  select 'asc_aa' as file_kind, hcpcs_code, asc_flag as mark, payment_indicator, source_line from stage.asc_aa
  union all
  select 'asc_bb' as file_kind, hcpcs_code, asc_flag as mark, payment_indicator, source_line from stage.asc_bb
  union all
  select 'asc_bb' as file_kind, hcpcs_code, 'pass-through' as mark, payment_indicator, source_line from stage.asc_bb where pass_through_expires
)
where case mark
  when '*' then payment_indicator not in ('P2', 'P3', 'R2')
  when '***' then payment_indicator not in ('K2', 'L6')
  when 'pass-through' then payment_indicator not in ('K2', 'J7')
  else false
end
