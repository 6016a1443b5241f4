-- What is said of lines, by number: of those that a gate stops its words; of those that a schedule of their own pays what
-- own_word says; of all others the rules that decided the amount. $parts are those of the kind, of the day
-- and of the line in their order, $bits and $tables those of the line, each there or not.
with day_rule as (
  select rule_group, day_number, day_rules, is_day_provisional from day_word
  union all
  select kind_number, 0, '', false from line_kind where kind_number = rule_group
)
select -gate_word.gate as word_number, price_status, reason, schedule, reason as rules, is_gate_provisional as is_provisional
from gate_word
where gate_word.gate > 0
union all
select
  -1000 - own_word.word_number, gate_word.price_status, gate_word.reason, own_word.schedule,
  case when own_word.own_gate > 0 then gate_word.reason else own_word.own_rules end,
  case when own_word.own_gate > 0 then gate_word.is_gate_provisional else own_word.is_own_provisional end
from own_word
join gate_word on gate_word.gate = own_word.own_gate
union all
select
  cast(kind.kind_number as bigint) * 4096 + day_rule.day_number * 4 + $bits,
  gate_word.price_status, gate_word.reason, gate_word.schedule,
  concat_ws(', ', $parts),
  kind.is_kind_provisional or day_rule.is_day_provisional or $is_bit_provisional
from line_kind as kind
join day_rule on day_rule.rule_group = kind.kind_number
join gate_word on gate_word.gate = 0
cross join $tables
