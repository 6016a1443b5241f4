-- severity: warning
-- A test that stands for the whole only is the sum of the codes of its parts; where it is not, a reduction of its technical part is by report.
-- source: pfs-rules 11
-- payment: only the reduction of the technical part of such a test.
select 'pprrvu' as file_kind, min(whole.source_line) as source_line,
  format('{}: its parts {} do not add up to it', whole.hcpcs_code, string_agg(test.part_code, ', ' order by test.part_code)) as finding
from stage.pprrvu as whole
join global_test_part as test on test.hcpcs_code = whole.hcpcs_code
left join stage.pprrvu as part on part.hcpcs_code = test.part_code and part.modifier = ''
where whole.modifier = '' and whole.pctc_indicator = '4' and whole.status_code in ('A', 'R', 'T')
group by whole.hcpcs_code
having count(part.hcpcs_code) = count(*)
  and (sum(part.work_rvu) <> max(whole.work_rvu) or sum(part.mp_rvu) <> max(whole.mp_rvu)
    or sum(part.nonfacility_pe_rvu) <> max(whole.nonfacility_pe_rvu)
    or sum(part.facility_pe_rvu) <> max(whole.facility_pe_rvu))
