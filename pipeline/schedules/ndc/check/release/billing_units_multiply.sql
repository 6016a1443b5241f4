-- severity: error above 10%
-- The units of a package are those of a container times the containers that it has.
-- source: not so in 55 of 7,172 rows of NDC25Q1 and in 244 of 7,873 rows of NDC25Q3
-- payment: of a package; none of a claim line, which is billed by the unit.
select 'ndc' as file_kind, source_line,
  format('{} {}: {} units x {} containers, but {} for the package', hcpcs_code, ndc_text, billing_units, package_quantity, billing_units_per_package) as finding
from stage.ndc
where billing_units * package_quantity <> billing_units_per_package
