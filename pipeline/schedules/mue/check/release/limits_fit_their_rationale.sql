-- severity: error above 1%
-- A clinical rationale makes no limit of policy (indicator 2), and what a code, a body or a drug's label allows is never 0 units, for practitioners.
-- source: none of 3,667 and none of 9,993 rows of MUE26Q2P; other settings were not in hand
-- payment: whether more units may be paid, and how many, where a column has slipped by a row or was sorted alone.
select 'mue' as file_kind, source_line, format('{} has {} units, the indicator "{}" and the rationale "{}"', hcpcs_code, units, adjudication, rationale) as finding
from stage.mue
cross join this_release
where this_release.series = 'practitioner' and (
  (adjudication[1] = '2' and regexp_matches(rationale, '^(Clinical: |Nature of Analyte)'))
  or (units = 0 and regexp_matches(rationale, '^(Code Descriptor|Anatomic|Nature of|Clinical: Data|Prescribing)'))
)
