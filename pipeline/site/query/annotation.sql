-- What is written about each code itself and about its families.
select
  code.hcpcs_code, annotation.annotation_kind, annotation.language, annotation.question, annotation.related_code,
  annotation.annotation_text, annotation.evidence, annotation.source, annotation.written_on
from (
  select hcpcs_code, hcpcs_code as subject, 1 as closeness from code_family
  union select hcpcs_code, code_family, 2 from code_family
  union select subject, subject, 1 from annotation where subject_kind = 'code'
) as code
join annotation using (subject)
order by code.hcpcs_code, annotation.annotation_kind, closeness, annotation.subject, annotation.item_number, annotation.language
