-- severity: error above 0.5%
-- Every code has a coverage code, a BETOS group and a type of service, and a further type stands only behind another; modifiers have a coverage code alone.
-- source: 14,903 of 14,903 codes and 743 of 743 modifiers of HCPCS19Q1 and HCPCS25Q4
-- payment: none; columns that are exchanged or shifted show here.
select 'hcpcs' as file_kind, source_line,
  format('{} of kind {} has the coverage code "{}", the group "{}" and the types of service "{}", "{}", "{}"', hcpcs_code, record_type, coverage_code, betos, type_of_service_1, type_of_service_2, type_of_service_3) as finding
from stage.hcpcs
where coverage_code = '' or (record_type = '3') <> (betos <> '') or (record_type = '3') <> (type_of_service_1 <> '')
  or (type_of_service_2 = '' and type_of_service_3 <> '') or (type_of_service_3 = '' and type_of_service_4 <> '')
  or (type_of_service_4 = '' and type_of_service_5 <> '')
