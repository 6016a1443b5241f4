-- severity: error
-- A second modifier stands only beside a first one.
-- source: DMEPOS25Q1: all items
-- payment: of items whose modifiers are in the wrong columns.
select 'dmepos' as file_kind, min(source_line) as source_line, format('{} has no first modifier and the second one {}', hcpcs_code, modifier2) as finding
from stage.dmepos
where modifier = '' and modifier2 <> ''
group by hcpcs_code, modifier2
