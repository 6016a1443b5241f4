-- severity: error
-- The ranks of Addendum J are 1, 2, 3 and so on, each once.
-- source: 3,236 of 3,236 rows of OPPS25FR
-- payment: which of several comprehensive services decides; a column that was exchanged or has slipped.
select 'opps_rule_addendum_j' as file_kind, source_line, format('{} has the rank {}, and is the {}th by rank', hcpcs_code, assignment_rank, place) as finding
from (select *, row_number() over (order by assignment_rank, source_line) as place from stage.opps_rule_addendum_j)
cross join this_release
where assignment_rank <> place and not is_sample
