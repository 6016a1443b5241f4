-- severity: warning
-- A laboratory certification has three digits; a cross-reference is a code, a modifier or the word CPT.
-- source: every cell of HCPCS19Q1 and HCPCS25Q4, of 143 records with a certification among them
-- payment: none; columns that are exchanged, and zeros that a spreadsheet took.
with cell as (
  select
    hcpcs_code,
    source_line,
    unnest([
      lab_certification_1, lab_certification_2, lab_certification_3, lab_certification_4,
      lab_certification_5, lab_certification_6, lab_certification_7, lab_certification_8
    ]) as value,
    '[0-9]{3}' as form
  from stage.hcpcs
  union all
  select
    hcpcs_code,
    source_line,
    unnest([cross_reference_1, cross_reference_2, cross_reference_3, cross_reference_4, cross_reference_5]),
    '[A-Z0-9]{5}|[A-Z0-9]{2}|CPT'
  from stage.hcpcs
)
select 'hcpcs' as file_kind, source_line, format('{} has "{}" where {} is expected', hcpcs_code, value, form) as finding
from cell
where value <> '' and not regexp_full_match(value, form)
