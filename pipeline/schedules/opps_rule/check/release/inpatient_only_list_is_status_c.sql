-- severity: error above 0.5%
-- Addendum E lists exactly the codes that Addendum B gives the status indicator C.
-- source: 1,731 of 1,731 codes of OPPS25FR
-- payment: none; the list is left unread where it says something else than Addendum B.
select 'opps_rule_addendum_e' as file_kind, listed.source_line,
  format('{} is {} in Addendum B and {} in Addendum E', coalesce(listed.hcpcs_code, codes.hcpcs_code), coalesce(codes.status_indicator, 'missing'), coalesce(listed.status_indicator, 'missing')) as finding
from stage.opps_rule_addendum_e as listed
full join stage.addendum_b as codes using (hcpcs_code)
where exists (from stage.opps_rule_addendum_e)
  and (listed.hcpcs_code is not null or codes.status_indicator = 'C')
  and listed.status_indicator is distinct from codes.status_indicator
