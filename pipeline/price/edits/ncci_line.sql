-- Column-two codes beside their column-one code. An edit looks at what is billed, whatever becomes
-- of the column-one line. With indicator 1 a modifier gets both paid: on either line; 59 and those
-- like it before July 2019 on the column-two line alone.
with said as (
  select
    line.line_id, line.group_number, line.specialist_key, line.date_of_service, line.hcpcs_code, modifiers.has_ncci_modifier, modifiers.has_older_ncci_modifier
  from edit_line as line
  join edit_modifier_set as modifiers
    on modifiers.modifier_1 = line.modifier_1 and modifiers.modifier_2 = line.modifier_2
    and modifiers.modifier_3 = line.modifier_3 and modifiers.modifier_4 = line.modifier_4
  where line.hcpcs_code in (select column1 from code_pair) or line.hcpcs_code in (select column2 from code_pair)
),
together as (
  select
    other.line_id, one.hcpcs_code as column1, other.hcpcs_code as column2, one.date_of_service,
    case
      when other.has_ncci_modifier = 1 or one.has_older_ncci_modifier = 1 then true
      else one.has_ncci_modifier = 1 and one.date_of_service >= cast('2019-07-01' as date)
    end as is_said_separate
  from said as one
  join said as other on other.group_number = one.group_number and other.specialist_key = one.specialist_key
  where one.hcpcs_code <> other.hcpcs_code
)
select
  together.line_id, $step_ncci_pair as edit_gate,
  min('column 1 ' || pair.column1 || ', edit indicator ' || pair.modifier_indicator) as denied_by
from together
join code_pair as pair on pair.column1 = together.column1 and pair.column2 = together.column2
where together.date_of_service between pair.effective_from and pair.effective_to
  and (pair.modifier_indicator = '0' or not together.is_said_separate)
group by together.line_id
