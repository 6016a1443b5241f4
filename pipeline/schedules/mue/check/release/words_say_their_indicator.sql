-- severity: error
-- The words of an adjudication indicator are those of its digit: 1 for a line, 2 for a policy, 3 for clinical reasons.
-- source: 15,095 of 15,095 rows of MUE26Q2P (41, 5,417 and 9,637)
-- payment: whether units above the limit may be paid.
select 'mue' as file_kind, source_line,
  format('{} has the adjudication indicator "{}"', hcpcs_code, adjudication) as finding
from stage.mue
where regexp_full_match(adjudication, '[123] .+') and not regexp_matches(
  adjudication,
  case left(adjudication, 1) when '1' then '\bline\b' when '2' then '\bpolicy\b' else '\bclinical\b' end,
  'i'
)
