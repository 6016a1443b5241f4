-- severity: error above 0.5%
-- Every code has a coverage code, and a BETOS group and a type of service where the file has them, each in its form; a further type stands only behind another; modifiers have a coverage code alone.
-- source: 14,903 of 14,903 codes and 743 of 743 modifiers of HCPCS19Q1 and HCPCS25Q4
-- payment: none; columns that are exchanged or shifted show here.
with file as (
  select bool_or(betos <> '') as has_betos, bool_or(type_of_service_1 || type_of_service_2 || type_of_service_3 <> '') as has_types
  from stage.hcpcs
)
select 'hcpcs' as file_kind, source_line,
  format('{} of kind {} has the coverage code "{}", the group "{}", the types of service "{}", "{}", "{}" and the note "{}"', hcpcs_code, record_type, coverage_code, betos, type_of_service_1, type_of_service_2, type_of_service_3, processing_note) as finding
from stage.hcpcs
cross join file
where coverage_code = ''
  or (has_betos and (record_type = '3') <> (betos <> '')) or (has_types and (record_type = '3') <> (type_of_service_1 <> ''))
  or not regexp_full_match(betos, '([A-Z][0-9][A-Z]?)?') or not regexp_full_match(processing_note, '([0-9]{4})?')
  or (type_of_service_2 = '' and type_of_service_3 <> '') or (type_of_service_3 = '' and type_of_service_4 <> '')
  or (type_of_service_4 = '' and type_of_service_5 <> '')
