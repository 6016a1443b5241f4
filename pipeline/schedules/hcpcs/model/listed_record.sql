-- Every record of the file, with cells of one kind put together: 'A,L,P' of five types of service.
select
  * exclude (record_type),
  record_type = '3' as is_code,
  concat_ws(',', nullif(price_1, ''), nullif(price_2, ''), nullif(price_3, ''), nullif(price_4, '')) as pricing_indicators,
  concat_ws(',', nullif(coverage_manual_1, ''), nullif(coverage_manual_2, ''), nullif(coverage_manual_3, '')) as coverage_manual_sections,
  concat_ws(',', nullif(carriers_manual_1, ''), nullif(carriers_manual_2, ''), nullif(carriers_manual_3, '')) as carriers_manual_sections,
  concat_ws(
    ',',
    nullif(lab_certification_1, ''), nullif(lab_certification_2, ''), nullif(lab_certification_3, ''), nullif(lab_certification_4, ''),
    nullif(lab_certification_5, ''), nullif(lab_certification_6, ''), nullif(lab_certification_7, ''), nullif(lab_certification_8, '')
  ) as lab_certifications,
  concat_ws(
    ',',
    nullif(cross_reference_1, ''), nullif(cross_reference_2, ''), nullif(cross_reference_3, ''), nullif(cross_reference_4, ''),
    nullif(cross_reference_5, '')
  ) as cross_references,
  concat_ws(
    ',',
    nullif(type_of_service_1, ''), nullif(type_of_service_2, ''), nullif(type_of_service_3, ''), nullif(type_of_service_4, ''),
    nullif(type_of_service_5, '')
  ) as types_of_service
from stage.hcpcs
