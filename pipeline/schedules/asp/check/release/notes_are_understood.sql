-- severity: warning
-- Each part of a note is one that a column stands for; a new one may change what is paid.
-- source: 573 notes of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of the code, as the new words say.
with rest as (
  select source_line, hcpcs_code, note,
    regexp_replace(
      note,
      '(?i)(added|updated) (january|february|march|april|may|june|july|august|september|october|november|december) [0-9]{4}|inflation-adjusted coinsurance|8% of reference add-on applied|"lesser of" methodology applied|amp-based payment limit|see (the seasonal influenza vaccines pricing|covid-19 vaccine pricing) webpage for (current payment limits and|payment) effective dates|the payment allowance for this code will be determined by the mac processing the claim\.|microcurie 100% (awp|wac) = \$[0-9.]+',
      '', 'g'
    ) as words
  from stage.asp
)
select 'asp' as file_kind, source_line, format('{}: {}', hcpcs_code, note) as finding
from rest
where trim(words, ' -;,.') <> ''
