-- severity: error
-- Addendum D1 says what every status indicator of Addendum B means.
-- source: 28 indicators of OPPS25FR
-- payment: none; D1 is left unread where it is of another year.
select distinct 'opps_rule_addendum_d1' as file_kind, null as source_line,
  format('Addendum B has the status indicator {}, which Addendum D1 lacks', status_indicator) as finding
from stage.addendum_b
anti join stage.opps_rule_addendum_d1 using (status_indicator)
where exists (from stage.opps_rule_addendum_d1)
