-- severity: warning
-- The fields of the Medicare outpatient group are empty, and no code of Level II has anesthesia base units: they are read and shown nowhere.
-- source: 15,646 of 15,646 records of HCPCS19Q1 and HCPCS25Q4
-- payment: none; a value here says that CMS uses the field again, or that it is another one.
select 'hcpcs' as file_kind, source_line,
  format('{} has "{}", "{}", {} and {} base units in fields without use', hcpcs_code, outpatient_group, outpatient_policy, coalesce(outpatient_group_from::varchar, 'no day'), coalesce(anesthesia_base_units, 0)) as finding
from stage.hcpcs
where outpatient_group <> '' or outpatient_policy <> '' or outpatient_group_from is not null or anesthesia_base_units > 0
