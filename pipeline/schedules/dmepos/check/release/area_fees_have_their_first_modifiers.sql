-- severity: error
-- A second modifier stands only beside a first one, and a third only beside a second.
-- source: DMEPOS25Q1: all items
-- payment: of items whose modifiers are in the wrong columns.
select 'dme_cba' as file_kind, min(source_line) as source_line, format('{} has the modifiers "{}", "{}" and "{}"', hcpcs_code, modifier, modifier2, modifier3) as finding
from stage.dme_cba
where (modifier = '' and modifier2 <> '') or (modifier2 = '' and modifier3 <> '')
group by hcpcs_code, modifier, modifier2, modifier3
