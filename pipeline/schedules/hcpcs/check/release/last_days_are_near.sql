-- severity: warning
-- No code has a last day more than ten years after the release: a day like 9999-12-31 stands for none, for which the field is blank.
-- source: 1,740 of 1,740 last days of HCPCS19Q1 and HCPCS25Q4 lie before the release
-- payment: none; which codes count as ended.
select 'hcpcs' as file_kind, source_line, format('{} has the last day {}', hcpcs_code, terminated_on) as finding
from stage.hcpcs
where terminated_on > (select effective_from + interval 10 year from this_release)
