-- severity: warning
-- OPPSCAP has every carrier-priced row with OPPS values, and each of its codes in as many localities: otherwise it was cut short.
-- source: pfs-rules 3.2
-- payment: none; OPPSCAP is compared with and nothing is computed from it. CMS errs: RVU20C and RVU20D lack two codes.
select 'oppscap' as file_kind, null as source_line,
  format('{} {} has OPPS values and status C, but no amount', hcpcs_code, modifier) as finding
from stage.pprrvu
anti join stage.oppscap using (hcpcs_code, modifier)
where status_code = 'C' and nonfacility_opps_pe_rvu + opps_mp_rvu > 0 and (select count(*) from stage.oppscap) > 0
union all
select 'oppscap', max(source_line), format('{} {} has amounts in {} localities only', hcpcs_code, modifier, count(*))
from stage.oppscap
group by hcpcs_code, modifier
having count(*) < (select max(n) from (select count(*) as n from stage.oppscap group by hcpcs_code, modifier))
