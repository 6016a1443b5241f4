-- severity: error above 0.5%
-- Every code of status J1 has a rank, and what has one has its APC and status in Addendum B, unless it has ended.
-- source: 3,139 of 3,147 codes of OPPS25FR that both have; 8 of another APC or D, marked as deleted
-- payment: which of several comprehensive services decides.
select 'opps_rule_addendum_j' as file_kind, ranked.source_line,
  format('{} is of status {} and APC {} in Addendum B, and of {} and {} in Addendum J', coalesce(ranked.hcpcs_code, codes.hcpcs_code), codes.status_indicator, coalesce(nullif(codes.apc, ''), 'none'), coalesce(ranked.status_indicator, 'none'), coalesce(ranked.apc, 'none')) as finding
from stage.opps_rule_addendum_j as ranked
full join stage.addendum_b as codes using (hcpcs_code)
where exists (from stage.opps_rule_addendum_j)
  and (codes.status_indicator = 'J1' or (ranked.hcpcs_code is not null and codes.hcpcs_code is not null))
  and (ranked.status_indicator, ranked.apc) is distinct from (codes.status_indicator, codes.apc)
