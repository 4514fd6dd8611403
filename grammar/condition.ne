# The condition language: the one place where its syntax is defined.
#
# The lexer (src/condition/lexer.ts) has made pieces of the line. "word" is a word or sign of the language as it stands,
# %type a kind of piece: %number 500, 1.5k; %span 10min, 1h; %mixed 2m, two million or two minutes by where it stands;
# %symbol AAPL; %date %clock %weekday %month.
# One rule for each level of precedence, loosest first, so that a line never has two readings.

@preprocessor typescript
@{%
import * as make from './build.ts'
import { streamOf } from './lexer.ts'

const lexer = streamOf([])
%}
@lexer lexer

line -> condition options                 {% ([condition, options]) => ({ condition, options }) %}

# ---- logic

condition -> any                          {% id %}

any -> all                                {% id %}
  | any "or" all                          {% (d) => make.join('or', d[0], d[2]) %}

all -> negation                           {% id %}
  | all "and" negation                    {% (d) => make.join('and', d[0], d[2]) %}

negation -> test                          {% id %}
  | "not" negation                        {% (d) => make.negate(d[0], d[1]) %}

test -> comparison                        {% id %}
  | between                               {% id %}
  | "(" condition ")"                     {% (d) => make.within(d[0], d[1], d[2]) %}

# ---- comparisons; without a value in front, the subject is that of the comparison before

comparison -> value relation value        {% (d) => make.compare(d[0], d[1], d[2]) %}
  | value "not" sign value                {% (d) => make.compare(d[0], { ...d[2], negated: true }, d[3]) %}
  | value sign value sign value           {% (d) => make.chain([d[0], d[2], d[4]], [d[1], d[3]]) %}
  | relation value                        {% (d) => make.compare(null, d[0], d[1]) %}

relation -> sign                          {% id %}
  | "is" sign                             {% (d) => ({ ...d[1], at: d[0].at }) %}
  | is_not sign                           {% (d) => ({ ...d[1], at: d[0].at, negated: true }) %}
  | "is"                                  {% (d) => ({ operator: '=', at: d[0].at }) %}
  | is_not                                {% (d) => ({ operator: '!=', at: d[0].at }) %}

is_not -> "is" "not"                      {% id %}
  | "isn't"                               {% id %}

sign -> greater                           {% (d) => ({ operator: '>', at: d[0].at }) %}
  | at_least                              {% (d) => ({ operator: '>=', at: d[0].at }) %}
  | smaller                               {% (d) => ({ operator: '<', at: d[0].at }) %}
  | at_most                               {% (d) => ({ operator: '<=', at: d[0].at }) %}
  | equal                                 {% (d) => ({ operator: '=', at: d[0].at }) %}
  | "!="                                  {% (d) => ({ operator: '!=', at: d[0].at }) %}

greater -> ">"                            {% id %}
  | "above"                               {% id %}
  | "over"                                {% id %}
  | "exceeds"                             {% id %}
  | "more" "than"                         {% id %}
  | "greater" "than"                      {% id %}
  | "higher" "than"                       {% id %}

at_least -> ">="                          {% id %}
  | "at" "least"                          {% id %}

smaller -> "<"                            {% id %}
  | "below"                               {% id %}
  | "under"                               {% id %}
  | "less" "than"                         {% id %}
  | "lower" "than"                        {% id %}

at_most -> "<="                           {% id %}
  | "at" "most"                           {% id %}

equal -> "="                              {% id %}
  | "equals"                              {% id %}
  | "equal" "to"                          {% id %}

# ---- ranges

between -> value limits                   {% (d) => make.range(d[0], d[1]) %}
  | value "not" inside ends               {% (d) => make.range(d[0], { ...d[2], ends: d[3], negated: true }) %}
  | value dots                            {% (d) => make.range(d[0], { type: 'between', ends: d[1], at: d[1][0].at }) %}
  | value "is" dots                       {% (d) => make.range(d[0], { type: 'between', ends: d[2], at: d[1].at }) %}
  | limits                                {% (d) => make.range(null, d[0]) %}
  | dots                                  {% (d) => make.range(null, { type: 'between', ends: d[0], at: d[0][0].at }) %}

limits -> inside ends                     {% (d) => ({ ...d[0], ends: d[1] }) %}
  | "is" inside ends                      {% (d) => ({ ...d[1], ends: d[2], at: d[0].at }) %}
  | is_not inside ends                    {% (d) => ({ ...d[1], ends: d[2], at: d[0].at, negated: true }) %}

inside -> "between"                       {% (d) => ({ type: 'between', at: d[0].at }) %}
  | "outside"                             {% (d) => ({ type: 'outside', at: d[0].at }) %}

ends -> value "and" value                 {% (d) => [d[0], d[2]] %}
  | value "to" value                      {% (d) => [d[0], d[2]] %}
  | value "-" value                       {% (d) => [d[0], d[2]] %}
  | value ".." value                      {% (d) => [d[0], d[2]] %}

dots -> number ".." number                {% (d) => [d[0], d[2]] %}

# ---- values; sums, products and functions have their place between `value` and `atom`

value -> atom                             {% id %}

atom -> number                            {% id %}
  | figure_of_symbol                      {% id %}

figure_of_symbol -> %symbol               {% (d) => make.metric(make.symbol(d[0]), null) %}
  | %symbol metric                        {% (d) => make.metric(make.symbol(d[0]), d[1]) %}
  | metric                                {% (d) => make.bare(d[0]) %}

metric -> "price"                         {% (d) => ({ metric: 'price', at: d[0].at }) %}
  | "open"                                {% (d) => ({ metric: 'open', at: d[0].at }) %}
  | "high"                                {% (d) => ({ metric: 'high', at: d[0].at }) %}
  | "low"                                 {% (d) => ({ metric: 'low', at: d[0].at }) %}
  | "volume"                              {% (d) => ({ metric: 'volume', at: d[0].at }) %}
  | "change"                              {% (d) => ({ metric: 'change', at: d[0].at }) %}
  | "bid"                                 {% (d) => ({ metric: 'bid', at: d[0].at }) %}
  | "ask"                                 {% (d) => ({ metric: 'ask', at: d[0].at }) %}
  | previous "close"                      {% (d) => ({ metric: 'previous close', at: d[0].at, last: d[1].at }) %}

previous -> "previous"                    {% id %}
  | "prev"                                {% id %}

# ---- numbers

number -> amount                          {% id %}
  | "-" amount                            {% (d) => ({ ...d[1], text: '-' + d[1].text, at: { ...d[1].at, start: d[0].at.start } }) %}
  | "+" amount                            {% (d) => ({ ...d[1], at: { ...d[1].at, start: d[0].at.start } }) %}

amount -> digits                          {% (d) => make.figure(d[0], null) %}
  | digits unit                           {% (d) => make.figure(d[0], d[1]) %}
  | currency digits                       {% (d) => make.figure(d[1], d[0]) %}

digits -> %number                         {% id %}
  | %mixed                                {% id %}

unit -> "%"                               {% id %}
  | currency                              {% id %}

currency -> "$"                           {% id %}
  | "€"                                   {% id %}
  | "£"                                   {% id %}
  | "¥"                                   {% id %}

# ---- options

options -> null                           {% () => [] %}
  | options option                        {% (d) => [...d[0], d[1]] %}
  | options "," option                    {% (d) => [...d[0], d[2]] %}

option -> "once"                          {% (d) => make.option('once', d[0].at) %}
  | "repeat"                              {% (d) => make.option('repeat', d[0].at) %}
  | "every" duration                      {% (d) => make.option('every', d[0].at, d[1]) %}
  | "cooldown" duration                   {% (d) => make.option('cooldown', d[0].at, d[1]) %}
  | "for" duration                        {% (d) => make.option('for', d[0].at, d[1]) %}
  | "for" "at" "least" duration           {% (d) => make.option('for', d[0].at, d[3]) %}
  | "expires" "in" duration               {% (d) => make.option('expires in', d[0].at, d[2]) %}
  | "until" moment                        {% (d) => make.option('until', d[0].at, d[1]) %}

duration -> piece                         {% id %}
  | duration piece                        {% (d) => make.duration(d[0], d[1]) %}

piece -> %span                            {% (d) => ({ ms: d[0].ms, at: d[0].at }) %}
  | %mixed                                {% (d) => ({ ms: d[0].ms, at: d[0].at }) %}

moment -> day                             {% (d) => make.moment(d[0], null) %}
  | %clock                                {% (d) => make.moment(null, d[0]) %}
  | day %clock                            {% (d) => make.moment(d[0], d[1]) %}
  | day "at" %clock                       {% (d) => make.moment(d[0], d[2]) %}

day -> %date                              {% (d) => make.date(d[0]) %}
  | %weekday                              {% (d) => make.day('weekday', d[0]) %}
  | "today"                               {% (d) => make.day('today', d[0]) %}
  | "tomorrow"                            {% (d) => make.day('tomorrow', d[0]) %}
  | %number %month                        {% (d) => make.annual(d[0], d[1], null) %}
  | %month %number                        {% (d) => make.annual(d[1], d[0], null) %}
  | %number %month %number                {% (d) => make.annual(d[0], d[1], d[2]) %}
  | %month %number %number                {% (d) => make.annual(d[1], d[0], d[2]) %}
