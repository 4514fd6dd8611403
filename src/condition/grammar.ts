// Generated automatically by nearley, version 2.20.1
// http://github.com/Hardmath123/nearley
// Bypasses TS6133. Allow declared but unused functions.
// @ts-ignore
function id(d: any[]): any { return d[0]; }
declare var symbol: any;
declare var number: any;
declare var mixed: any;
declare var span: any;
declare var clock: any;
declare var date: any;
declare var weekday: any;
declare var month: any;

import * as make from './build.ts'
import { streamOf } from './lexer.ts'

const lexer = streamOf([])

interface NearleyToken {
  value: any;
  [key: string]: any;
};

interface NearleyLexer {
  reset: (chunk: string, info: any) => void;
  next: () => NearleyToken | undefined;
  save: () => any;
  formatError: (token: never) => string;
  has: (tokenType: string) => boolean;
};

interface NearleyRule {
  name: string;
  symbols: NearleySymbol[];
  postprocess?: (d: any[], loc?: number, reject?: {}) => any;
};

type NearleySymbol = string | { literal: any } | { test: (token: any) => boolean };

interface Grammar {
  Lexer: NearleyLexer | undefined;
  ParserRules: NearleyRule[];
  ParserStart: string;
};

const grammar: Grammar = {
  Lexer: lexer,
  ParserRules: [
    {"name": "line", "symbols": ["condition", "options"], "postprocess": ([condition, options]) => ({ condition, options })},
    {"name": "condition", "symbols": ["any"], "postprocess": id},
    {"name": "any", "symbols": ["all"], "postprocess": id},
    {"name": "any", "symbols": ["any", {"literal":"or"}, "all"], "postprocess": (d) => make.join('or', d[0], d[2])},
    {"name": "all", "symbols": ["negation"], "postprocess": id},
    {"name": "all", "symbols": ["all", {"literal":"and"}, "negation"], "postprocess": (d) => make.join('and', d[0], d[2])},
    {"name": "negation", "symbols": ["test"], "postprocess": id},
    {"name": "negation", "symbols": [{"literal":"not"}, "negation"], "postprocess": (d) => make.negate(d[0], d[1])},
    {"name": "test", "symbols": ["comparison"], "postprocess": id},
    {"name": "test", "symbols": ["between"], "postprocess": id},
    {"name": "test", "symbols": [{"literal":"("}, "condition", {"literal":")"}], "postprocess": (d) => make.within(d[0], d[1], d[2])},
    {"name": "comparison", "symbols": ["value", "relation", "value"], "postprocess": (d) => make.compare(d[0], d[1], d[2])},
    {"name": "comparison", "symbols": ["value", {"literal":"not"}, "sign", "value"], "postprocess": (d) => make.compare(d[0], { ...d[2], negated: true }, d[3])},
    {"name": "comparison", "symbols": ["value", "sign", "value", "sign", "value"], "postprocess": (d) => make.chain([d[0], d[2], d[4]], [d[1], d[3]])},
    {"name": "comparison", "symbols": ["relation", "value"], "postprocess": (d) => make.compare(null, d[0], d[1])},
    {"name": "relation", "symbols": ["sign"], "postprocess": id},
    {"name": "relation", "symbols": [{"literal":"is"}, "sign"], "postprocess": (d) => ({ ...d[1], at: d[0].at })},
    {"name": "relation", "symbols": ["is_not", "sign"], "postprocess": (d) => ({ ...d[1], at: d[0].at, negated: true })},
    {"name": "relation", "symbols": [{"literal":"is"}], "postprocess": (d) => ({ operator: '=', at: d[0].at })},
    {"name": "relation", "symbols": ["is_not"], "postprocess": (d) => ({ operator: '!=', at: d[0].at })},
    {"name": "is_not", "symbols": [{"literal":"is"}, {"literal":"not"}], "postprocess": id},
    {"name": "is_not", "symbols": [{"literal":"isn't"}], "postprocess": id},
    {"name": "sign", "symbols": ["greater"], "postprocess": (d) => ({ operator: '>', at: d[0].at })},
    {"name": "sign", "symbols": ["at_least"], "postprocess": (d) => ({ operator: '>=', at: d[0].at })},
    {"name": "sign", "symbols": ["smaller"], "postprocess": (d) => ({ operator: '<', at: d[0].at })},
    {"name": "sign", "symbols": ["at_most"], "postprocess": (d) => ({ operator: '<=', at: d[0].at })},
    {"name": "sign", "symbols": ["equal"], "postprocess": (d) => ({ operator: '=', at: d[0].at })},
    {"name": "sign", "symbols": [{"literal":"!="}], "postprocess": (d) => ({ operator: '!=', at: d[0].at })},
    {"name": "greater", "symbols": [{"literal":">"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"above"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"over"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"exceeds"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"more"}, {"literal":"than"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"greater"}, {"literal":"than"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"higher"}, {"literal":"than"}], "postprocess": id},
    {"name": "at_least", "symbols": [{"literal":">="}], "postprocess": id},
    {"name": "at_least", "symbols": [{"literal":"at"}, {"literal":"least"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"<"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"below"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"under"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"less"}, {"literal":"than"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"lower"}, {"literal":"than"}], "postprocess": id},
    {"name": "at_most", "symbols": [{"literal":"<="}], "postprocess": id},
    {"name": "at_most", "symbols": [{"literal":"at"}, {"literal":"most"}], "postprocess": id},
    {"name": "equal", "symbols": [{"literal":"="}], "postprocess": id},
    {"name": "equal", "symbols": [{"literal":"equals"}], "postprocess": id},
    {"name": "equal", "symbols": [{"literal":"equal"}, {"literal":"to"}], "postprocess": id},
    {"name": "between", "symbols": ["value", "limits"], "postprocess": (d) => make.range(d[0], d[1])},
    {"name": "between", "symbols": ["value", {"literal":"not"}, "inside", "ends"], "postprocess": (d) => make.range(d[0], { ...d[2], ends: d[3], negated: true })},
    {"name": "between", "symbols": ["value", "dots"], "postprocess": (d) => make.range(d[0], { type: 'between', ends: d[1], at: d[1][0].at })},
    {"name": "between", "symbols": ["value", {"literal":"is"}, "dots"], "postprocess": (d) => make.range(d[0], { type: 'between', ends: d[2], at: d[1].at })},
    {"name": "between", "symbols": ["limits"], "postprocess": (d) => make.range(null, d[0])},
    {"name": "between", "symbols": ["dots"], "postprocess": (d) => make.range(null, { type: 'between', ends: d[0], at: d[0][0].at })},
    {"name": "limits", "symbols": ["inside", "ends"], "postprocess": (d) => ({ ...d[0], ends: d[1] })},
    {"name": "limits", "symbols": [{"literal":"is"}, "inside", "ends"], "postprocess": (d) => ({ ...d[1], ends: d[2], at: d[0].at })},
    {"name": "limits", "symbols": ["is_not", "inside", "ends"], "postprocess": (d) => ({ ...d[1], ends: d[2], at: d[0].at, negated: true })},
    {"name": "inside", "symbols": [{"literal":"between"}], "postprocess": (d) => ({ type: 'between', at: d[0].at })},
    {"name": "inside", "symbols": [{"literal":"outside"}], "postprocess": (d) => ({ type: 'outside', at: d[0].at })},
    {"name": "ends", "symbols": ["value", {"literal":"and"}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "ends", "symbols": ["value", {"literal":"to"}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "ends", "symbols": ["value", {"literal":"-"}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "ends", "symbols": ["value", {"literal":".."}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "dots", "symbols": ["number", {"literal":".."}, "number"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "value", "symbols": ["atom"], "postprocess": id},
    {"name": "atom", "symbols": ["number"], "postprocess": id},
    {"name": "atom", "symbols": ["figure_of_symbol"], "postprocess": id},
    {"name": "figure_of_symbol", "symbols": [(lexer.has("symbol") ? {type: "symbol"} : symbol)], "postprocess": (d) => make.metric(make.symbol(d[0]), null)},
    {"name": "figure_of_symbol", "symbols": [(lexer.has("symbol") ? {type: "symbol"} : symbol), "metric"], "postprocess": (d) => make.metric(make.symbol(d[0]), d[1])},
    {"name": "figure_of_symbol", "symbols": ["metric"], "postprocess": (d) => make.bare(d[0])},
    {"name": "metric", "symbols": [{"literal":"price"}], "postprocess": (d) => ({ metric: 'price', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"open"}], "postprocess": (d) => ({ metric: 'open', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"high"}], "postprocess": (d) => ({ metric: 'high', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"low"}], "postprocess": (d) => ({ metric: 'low', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"volume"}], "postprocess": (d) => ({ metric: 'volume', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"change"}], "postprocess": (d) => ({ metric: 'change', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"bid"}], "postprocess": (d) => ({ metric: 'bid', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"ask"}], "postprocess": (d) => ({ metric: 'ask', at: d[0].at })},
    {"name": "metric", "symbols": ["previous", {"literal":"close"}], "postprocess": (d) => ({ metric: 'previous close', at: d[0].at, last: d[1].at })},
    {"name": "previous", "symbols": [{"literal":"previous"}], "postprocess": id},
    {"name": "previous", "symbols": [{"literal":"prev"}], "postprocess": id},
    {"name": "number", "symbols": ["amount"], "postprocess": id},
    {"name": "number", "symbols": [{"literal":"-"}, "amount"], "postprocess": (d) => ({ ...d[1], text: '-' + d[1].text, at: { ...d[1].at, start: d[0].at.start } })},
    {"name": "number", "symbols": [{"literal":"+"}, "amount"], "postprocess": (d) => ({ ...d[1], at: { ...d[1].at, start: d[0].at.start } })},
    {"name": "amount", "symbols": ["digits"], "postprocess": (d) => make.figure(d[0], null)},
    {"name": "amount", "symbols": ["digits", "unit"], "postprocess": (d) => make.figure(d[0], d[1])},
    {"name": "amount", "symbols": ["currency", "digits"], "postprocess": (d) => make.figure(d[1], d[0])},
    {"name": "digits", "symbols": [(lexer.has("number") ? {type: "number"} : number)], "postprocess": id},
    {"name": "digits", "symbols": [(lexer.has("mixed") ? {type: "mixed"} : mixed)], "postprocess": id},
    {"name": "unit", "symbols": [{"literal":"%"}], "postprocess": id},
    {"name": "unit", "symbols": ["currency"], "postprocess": id},
    {"name": "currency", "symbols": [{"literal":"$"}], "postprocess": id},
    {"name": "currency", "symbols": [{"literal":"€"}], "postprocess": id},
    {"name": "currency", "symbols": [{"literal":"£"}], "postprocess": id},
    {"name": "currency", "symbols": [{"literal":"¥"}], "postprocess": id},
    {"name": "options", "symbols": [], "postprocess": () => []},
    {"name": "options", "symbols": ["options", "option"], "postprocess": (d) => [...d[0], d[1]]},
    {"name": "options", "symbols": ["options", {"literal":","}, "option"], "postprocess": (d) => [...d[0], d[2]]},
    {"name": "option", "symbols": [{"literal":"once"}], "postprocess": (d) => make.option('once', d[0].at)},
    {"name": "option", "symbols": [{"literal":"repeat"}], "postprocess": (d) => make.option('repeat', d[0].at)},
    {"name": "option", "symbols": [{"literal":"every"}, "duration"], "postprocess": (d) => make.option('every', d[0].at, d[1])},
    {"name": "option", "symbols": [{"literal":"cooldown"}, "duration"], "postprocess": (d) => make.option('cooldown', d[0].at, d[1])},
    {"name": "option", "symbols": [{"literal":"for"}, "duration"], "postprocess": (d) => make.option('for', d[0].at, d[1])},
    {"name": "option", "symbols": [{"literal":"for"}, {"literal":"at"}, {"literal":"least"}, "duration"], "postprocess": (d) => make.option('for', d[0].at, d[3])},
    {"name": "option", "symbols": [{"literal":"expires"}, {"literal":"in"}, "duration"], "postprocess": (d) => make.option('expires in', d[0].at, d[2])},
    {"name": "option", "symbols": [{"literal":"until"}, "moment"], "postprocess": (d) => make.option('until', d[0].at, d[1])},
    {"name": "duration", "symbols": ["piece"], "postprocess": id},
    {"name": "duration", "symbols": ["duration", "piece"], "postprocess": (d) => make.duration(d[0], d[1])},
    {"name": "piece", "symbols": [(lexer.has("span") ? {type: "span"} : span)], "postprocess": (d) => ({ ms: d[0].ms, at: d[0].at })},
    {"name": "piece", "symbols": [(lexer.has("mixed") ? {type: "mixed"} : mixed)], "postprocess": (d) => ({ ms: d[0].ms, at: d[0].at })},
    {"name": "moment", "symbols": ["day"], "postprocess": (d) => make.moment(d[0], null)},
    {"name": "moment", "symbols": [(lexer.has("clock") ? {type: "clock"} : clock)], "postprocess": (d) => make.moment(null, d[0])},
    {"name": "moment", "symbols": ["day", (lexer.has("clock") ? {type: "clock"} : clock)], "postprocess": (d) => make.moment(d[0], d[1])},
    {"name": "moment", "symbols": ["day", {"literal":"at"}, (lexer.has("clock") ? {type: "clock"} : clock)], "postprocess": (d) => make.moment(d[0], d[2])},
    {"name": "day", "symbols": [(lexer.has("date") ? {type: "date"} : date)], "postprocess": (d) => make.date(d[0])},
    {"name": "day", "symbols": [(lexer.has("weekday") ? {type: "weekday"} : weekday)], "postprocess": (d) => make.day('weekday', d[0])},
    {"name": "day", "symbols": [{"literal":"today"}], "postprocess": (d) => make.day('today', d[0])},
    {"name": "day", "symbols": [{"literal":"tomorrow"}], "postprocess": (d) => make.day('tomorrow', d[0])},
    {"name": "day", "symbols": [(lexer.has("number") ? {type: "number"} : number), (lexer.has("month") ? {type: "month"} : month)], "postprocess": (d) => make.annual(d[0], d[1], null)},
    {"name": "day", "symbols": [(lexer.has("month") ? {type: "month"} : month), (lexer.has("number") ? {type: "number"} : number)], "postprocess": (d) => make.annual(d[1], d[0], null)},
    {"name": "day", "symbols": [(lexer.has("number") ? {type: "number"} : number), (lexer.has("month") ? {type: "month"} : month), (lexer.has("number") ? {type: "number"} : number)], "postprocess": (d) => make.annual(d[0], d[1], d[2])},
    {"name": "day", "symbols": [(lexer.has("month") ? {type: "month"} : month), (lexer.has("number") ? {type: "number"} : number), (lexer.has("number") ? {type: "number"} : number)], "postprocess": (d) => make.annual(d[1], d[0], d[2])}
  ],
  ParserStart: "line",
};

export default grammar;
