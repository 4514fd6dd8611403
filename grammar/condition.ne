# The condition language: the one place where its syntax is defined.
#
# The lexer (src/condition/lexer.ts) has made pieces of the line. "word" is a word or sign of the language as it stands,
# %type a kind of piece: %number 500, 1.5k; %span 10min, 1h; %mixed 2m, two million or two minutes by where it stands;
# %symbol AAPL; %call the name of a function before its bracket; %note text in quotes; %date %clock %weekday %month.
# Other ways to write a word (over for above, reaches for hits), and words that belong to the language only after another
# one (now after from, sms after via), are in src/condition/words.ts.
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

condition -> all                          {% id %}
  | condition "or" all                    {% (d) => make.join('or', d[0], d[2]) %}

all -> negation                           {% id %}
  | all "and" negation                    {% (d) => make.join('and', d[0], d[2]) %}

negation -> test                          {% id %}
  | "not" negation                        {% (d) => make.negate(d[0], d[1]) %}

test -> claim                             {% id %}
  | value claim                           {% (d) => make.about(d[0], d[1]) %}
  | value "not" predicate                 {% (d) => make.about(d[0], make.negate(d[1], d[2])) %}
  | dots                                  {% id %}
  | quantity dots                         {% (d) => make.about(d[0], d[1]) %}
  | quantity apart                        {% (d) => make.about(d[0], d[1]) %}
  | value sign value sign value           {% (d) => make.chain([d[0], d[2], d[4]], [d[1], d[3]]) %}
  | "(" condition ")"                     {% (d) => make.within(d[0], d[1], d[2]) %}

# ---- what is said of a value; without a value in front it is said of the one before

claim -> verdict                          {% id %}
  | "is" predicate                        {% (d) => make.wider(d[0], d[1]) %}
  | is_not predicate                      {% (d) => make.negate(d[0], d[1]) %}
  | "is" value                            {% (d) => make.comparison({ operator: '=', at: d[0].at }, d[1]) %}
  | is_not value                          {% (d) => make.comparison({ operator: '!=', at: d[0].at }, d[1]) %}

is_not -> "is" "not"                      {% id %}
  | "isn't"                               {% id %}

predicate -> verdict                      {% id %}
  | dots                                  {% id %}
  | apart                                 {% id %}

verdict -> sign value                     {% (d) => make.comparison(d[0], d[1]) %}
  | inside ends                           {% (d) => make.range(d[0].text, d[0].at, d[1]) %}
  | crossing value                        {% (d) => make.crossing(d[0], d[1]) %}
  | move                                  {% id %}

# ---- comparisons

sign -> greater                           {% (d) => ({ operator: '>', at: d[0].at }) %}
  | at_least                              {% (d) => ({ operator: '>=', at: d[0].at }) %}
  | smaller                               {% (d) => ({ operator: '<', at: d[0].at }) %}
  | at_most                               {% (d) => ({ operator: '<=', at: d[0].at }) %}
  | equal                                 {% (d) => ({ operator: '=', at: d[0].at }) %}
  | "!="                                  {% (d) => ({ operator: '!=', at: d[0].at }) %}

greater -> ">"                            {% id %}
  | "above"                               {% id %}
  | "more" "than"                         {% id %}

at_least -> ">="                          {% id %}
  | "at" "least"                          {% id %}
  | greater "or" equal                    {% id %}

smaller -> "<"                            {% id %}
  | "below"                               {% id %}
  | "less" "than"                         {% id %}

at_most -> "<="                           {% id %}
  | "at" "most"                           {% id %}
  | smaller "or" equal                    {% id %}

equal -> "="                              {% id %}
  | "equal" "to"                          {% id %}

# ---- ranges

inside -> "between"                       {% id %}
  | "outside"                             {% id %}

ends -> value "and" value                 {% (d) => [d[0], d[2]] %}
  | value "to" value                      {% (d) => [d[0], d[2]] %}
  | value ".." value                      {% (d) => [d[0], d[2]] %}
  | number "-" number                     {% (d) => [d[0], d[2]] %}

# Without a word in front they follow a symbol or a function only: `5 $ 5..6` would have two readings.
dots -> number ".." number                {% (d) => make.range('between', d[0].at, [d[0], d[2]]) %}

# ---- crossings

crossing -> "crosses"                     {% (d) => ({ direction: 'either', at: d[0].at }) %}
  | "crosses" "above"                     {% (d) => ({ direction: 'above', at: d[0].at }) %}
  | "crosses" "below"                     {% (d) => ({ direction: 'below', at: d[0].at }) %}
  | rises "above"                         {% (d) => ({ direction: 'above', at: d[0].at }) %}
  | falls "below"                         {% (d) => ({ direction: 'below', at: d[0].at }) %}
  | "hits"                                {% (d) => ({ direction: 'either', touch: true, at: d[0].at }) %}
  | "rises" "to"                          {% (d) => ({ direction: 'above', touch: true, at: d[0].at }) %}
  | downward "to"                         {% (d) => ({ direction: 'below', touch: true, at: d[0].at }) %}
  | "crosses" "to"                        {% (d) => ({ direction: 'either', touch: true, at: d[0].at }) %}
  | "moves" "above"                       {% (d) => ({ direction: 'above', at: d[0].at }) %}
  | "moves" "below"                       {% (d) => ({ direction: 'below', at: d[0].at }) %}
  | "moves" "to"                          {% (d) => ({ direction: 'either', touch: true, at: d[0].at }) %}

# ---- moves

move -> direction amount since            {% (d) => make.move(d[0], d[1], d[2]) %}
  | direction amount                      {% (d) => make.move(d[0], d[1], null) %}
  | direction since                       {% (d) => make.move(d[0], null, d[1]) %}
  | direction "above" number since        {% (d) => make.move(d[0], d[2], d[3]) %}

direction -> rises                        {% (d) => ({ direction: 'up', at: d[0].at }) %}
  | falls                                 {% (d) => ({ direction: 'down', at: d[0].at }) %}
  | "moves"                               {% (d) => ({ direction: 'either', at: d[0].at }) %}

rises -> "up"                             {% id %}
  | "rises"                               {% id %}

falls -> "down"                           {% id %}
  | downward                              {% id %}

downward -> "falls"                       {% id %}
  | "drops"                               {% id %}

# A move counts from its amount on, so that "more than" says no more than "at least".
amount -> number                          {% id %}
  | "at" "least" number                   {% (d) => d[2] %}
  | "more" "than" number                  {% (d) => d[2] %}

since -> "in" duration                    {% (d) => make.since({ type: 'window', ms: d[1].ms }, d[0], d[1]) %}
  | "today"                               {% (d) => make.since({ type: 'today' }, d[0], d[0]) %}
  | "from" origin                         {% (d) => make.wider(d[0], d[1]) %}

origin -> "now"                           {% (d) => make.since({ type: 'now' }, d[0], d[0]) %}
  | "peak"                                {% (d) => make.since({ type: 'peak' }, d[0], d[0]) %}
  | "bottom"                              {% (d) => make.since({ type: 'bottom' }, d[0], d[0]) %}
  | duration "high"                       {% (d) => make.since({ type: 'high', ms: d[0].ms }, d[0], d[1]) %}
  | duration "low"                        {% (d) => make.since({ type: 'low', ms: d[0].ms }, d[0], d[1]) %}
  | value                                 {% (d) => make.since({ type: 'level', level: d[0] }, d[0], d[0]) %}

# The amount first: 5% below its peak, 5% up today. A number alone in front would be too easily meant otherwise.
apart -> distance "below" origin          {% (d) => make.apart('down', d[0], d[2]) %}
  | distance "above" origin               {% (d) => make.apart('up', d[0], d[2]) %}
  | distance "down" since                 {% (d) => make.apart('down', d[0], d[2]) %}
  | distance "up" since                   {% (d) => make.apart('up', d[0], d[2]) %}

distance -> digits unit                   {% (d) => make.figure(d[0], d[1]) %}
  | currency digits                       {% (d) => make.figure(d[1], d[0]) %}

# ---- values

value -> product                          {% id %}
  | value "+" product                     {% (d) => make.arithmetic('+', d[0], d[2]) %}
  | value "-" product                     {% (d) => make.arithmetic('-', d[0], d[2]) %}

product -> signed                         {% id %}
  | product "*" signed                    {% (d) => make.arithmetic('*', d[0], d[2]) %}
  | product "/" signed                    {% (d) => make.arithmetic('/', d[0], d[2]) %}

signed -> atom                            {% id %}
  | "-" signed                            {% (d) => make.minus(d[0], d[1]) %}
  | "+" signed                            {% (d) => make.wider(d[0], d[1]) %}

atom -> figure                            {% id %}
  | quantity                              {% id %}
  | "(" value ")"                         {% (d) => make.within(d[0], d[1], d[2]) %}

quantity -> %symbol                       {% (d) => make.metric(make.symbol(d[0]), null) %}
  | %symbol metric                        {% (d) => make.metric(make.symbol(d[0]), d[1]) %}
  | metric                                {% (d) => make.bare(d[0]) %}
  | call                                  {% id %}

metric -> "price"                         {% (d) => ({ metric: 'price', at: d[0].at }) %}
  | "open"                                {% (d) => ({ metric: 'open', at: d[0].at }) %}
  | "high"                                {% (d) => ({ metric: 'high', at: d[0].at }) %}
  | "low"                                 {% (d) => ({ metric: 'low', at: d[0].at }) %}
  | "volume"                              {% (d) => ({ metric: 'volume', at: d[0].at }) %}
  | "change"                              {% (d) => ({ metric: 'change', at: d[0].at }) %}
  | "bid"                                 {% (d) => ({ metric: 'bid', at: d[0].at }) %}
  | "ask"                                 {% (d) => ({ metric: 'ask', at: d[0].at }) %}
  | "previous" "close"                    {% (d) => ({ metric: 'previous close', at: d[0].at, last: d[1].at }) %}

# ---- functions; which there are, and what they take, is in the table of src/condition/functions.ts

call -> %call "(" ")"                     {% (d) => make.call(d[0], [], d[2]) %}
  | %call "(" arguments ")"               {% (d) => make.call(d[0], d[2], d[3]) %}

arguments -> argument                     {% (d) => [d[0]] %}
  | arguments "," argument                {% (d) => [...d[0], d[2]] %}

argument -> value                         {% id %}
  | %span                                 {% (d) => make.length(d[0]) %}
  | duration piece                        {% (d) => make.duration(d[0], d[1]) %}

# ---- numbers

number -> figure                          {% id %}
  | "-" number                            {% (d) => make.minus(d[0], d[1]) %}
  | "+" number                            {% (d) => make.wider(d[0], d[1]) %}

figure -> digits                          {% (d) => make.figure(d[0], null) %}
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

option -> "once"                          {% (d) => make.option({ name: 'once' }, d[0], d[0]) %}
  | "repeat"                              {% (d) => make.option({ name: 'repeat' }, d[0], d[0]) %}
  | "every" duration                      {% (d) => make.option({ name: 'every', length: d[1] }, d[0], d[1]) %}
  | "cooldown" duration                   {% (d) => make.option({ name: 'cooldown', length: d[1] }, d[0], d[1]) %}
  | "for" duration                        {% (d) => make.option({ name: 'for', length: d[1] }, d[0], d[1]) %}
  | "for" "at" "least" duration           {% (d) => make.option({ name: 'for', length: d[3] }, d[0], d[3]) %}
  | "at" "close"                          {% (d) => make.option({ name: 'at close' }, d[0], d[1]) %}
  | "during" hours                        {% (d) => make.option({ name: 'during', hours: d[1] }, d[0], d[1]) %}
  | "until" moment                        {% (d) => make.option({ name: 'until', moment: d[1] }, d[0], d[1]) %}
  | "expires" "in" duration               {% (d) => make.option({ name: 'expires in', length: d[2] }, d[0], d[2]) %}
  | "via" channels                        {% (d) => make.option({ name: 'via', channels: d[1] }, d[0], d[1].at(-1)) %}
  | "urgent"                              {% (d) => make.option({ name: 'urgent' }, d[0], d[0]) %}
  | "note" %note                          {% (d) => make.option({ name: 'note', note: d[1] }, d[0], d[1]) %}

duration -> piece                         {% id %}
  | duration piece                        {% (d) => make.duration(d[0], d[1]) %}

piece -> %span                            {% (d) => make.length(d[0]) %}
  | %mixed                                {% (d) => make.length(d[0]) %}

hours -> session                          {% id %}
  | session "hours"                       {% (d) => make.wider(d[1], d[0]) %}
  | "always"                              {% id %}

session -> "regular"                      {% id %}
  | "extended"                            {% id %}

channels -> channel                       {% (d) => [d[0]] %}
  | channels "," channel                  {% (d) => [...d[0], d[2]] %}
  | channels "and" channel                {% (d) => [...d[0], d[2]] %}
  | channels "," "and" channel            {% (d) => [...d[0], d[3]] %}

channel -> "sms"                          {% id %}
  | "email"                               {% id %}
  | "telegram"                            {% id %}
  | "discord"                             {% id %}
  | "digest"                              {% id %}

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
