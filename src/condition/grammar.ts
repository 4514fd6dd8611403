// Generated automatically by nearley, version 2.20.1
// http://github.com/Hardmath123/nearley
// Bypasses TS6133. Allow declared but unused functions.
// @ts-ignore
function id(d: any[]): any { return d[0]; }
declare var symbol: any;
declare var call: any;
declare var span: any;
declare var number: any;
declare var mixed: any;
declare var note: any;
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
    {"name": "condition", "symbols": ["all"], "postprocess": id},
    {"name": "condition", "symbols": ["condition", {"literal":"or"}, "all"], "postprocess": (d) => make.join('or', d[0], d[2])},
    {"name": "all", "symbols": ["negation"], "postprocess": id},
    {"name": "all", "symbols": ["all", {"literal":"and"}, "negation"], "postprocess": (d) => make.join('and', d[0], d[2])},
    {"name": "negation", "symbols": ["test"], "postprocess": id},
    {"name": "negation", "symbols": [{"literal":"not"}, "negation"], "postprocess": (d) => make.negate(d[0], d[1])},
    {"name": "test", "symbols": ["claim"], "postprocess": id},
    {"name": "test", "symbols": ["value", "claim"], "postprocess": (d) => make.about(d[0], d[1])},
    {"name": "test", "symbols": ["value", {"literal":"not"}, "predicate"], "postprocess": (d) => make.about(d[0], make.negate(d[1], d[2]))},
    {"name": "test", "symbols": ["dots"], "postprocess": id},
    {"name": "test", "symbols": ["quantity", "dots"], "postprocess": (d) => make.about(d[0], d[1])},
    {"name": "test", "symbols": ["quantity", "apart"], "postprocess": (d) => make.about(d[0], d[1])},
    {"name": "test", "symbols": ["value", "sign", "value", "sign", "value"], "postprocess": (d) => make.chain([d[0], d[2], d[4]], [d[1], d[3]])},
    {"name": "test", "symbols": [{"literal":"("}, "condition", {"literal":")"}], "postprocess": (d) => make.within(d[0], d[1], d[2])},
    {"name": "claim", "symbols": ["verdict"], "postprocess": id},
    {"name": "claim", "symbols": [{"literal":"is"}, "predicate"], "postprocess": (d) => make.wider(d[0], d[1])},
    {"name": "claim", "symbols": ["is_not", "predicate"], "postprocess": (d) => make.negate(d[0], d[1])},
    {"name": "claim", "symbols": [{"literal":"is"}, "value"], "postprocess": (d) => make.comparison({ operator: '=', at: d[0].at }, d[1])},
    {"name": "claim", "symbols": ["is_not", "value"], "postprocess": (d) => make.comparison({ operator: '!=', at: d[0].at }, d[1])},
    {"name": "is_not", "symbols": [{"literal":"is"}, {"literal":"not"}], "postprocess": id},
    {"name": "is_not", "symbols": [{"literal":"isn't"}], "postprocess": id},
    {"name": "predicate", "symbols": ["verdict"], "postprocess": id},
    {"name": "predicate", "symbols": ["dots"], "postprocess": id},
    {"name": "predicate", "symbols": ["apart"], "postprocess": id},
    {"name": "verdict", "symbols": ["sign", "value"], "postprocess": (d) => make.comparison(d[0], d[1])},
    {"name": "verdict", "symbols": ["inside", "ends"], "postprocess": (d) => make.range(d[0].text, d[0].at, d[1])},
    {"name": "verdict", "symbols": ["crossing", "value"], "postprocess": (d) => make.crossing(d[0], d[1])},
    {"name": "verdict", "symbols": ["move"], "postprocess": id},
    {"name": "sign", "symbols": ["greater"], "postprocess": (d) => ({ operator: '>', at: d[0].at })},
    {"name": "sign", "symbols": ["at_least"], "postprocess": (d) => ({ operator: '>=', at: d[0].at })},
    {"name": "sign", "symbols": ["smaller"], "postprocess": (d) => ({ operator: '<', at: d[0].at })},
    {"name": "sign", "symbols": ["at_most"], "postprocess": (d) => ({ operator: '<=', at: d[0].at })},
    {"name": "sign", "symbols": ["equal"], "postprocess": (d) => ({ operator: '=', at: d[0].at })},
    {"name": "sign", "symbols": [{"literal":"!="}], "postprocess": (d) => ({ operator: '!=', at: d[0].at })},
    {"name": "greater", "symbols": [{"literal":">"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"above"}], "postprocess": id},
    {"name": "greater", "symbols": [{"literal":"more"}, {"literal":"than"}], "postprocess": id},
    {"name": "at_least", "symbols": [{"literal":">="}], "postprocess": id},
    {"name": "at_least", "symbols": [{"literal":"at"}, {"literal":"least"}], "postprocess": id},
    {"name": "at_least", "symbols": ["greater", {"literal":"or"}, "equal"], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"<"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"below"}], "postprocess": id},
    {"name": "smaller", "symbols": [{"literal":"less"}, {"literal":"than"}], "postprocess": id},
    {"name": "at_most", "symbols": [{"literal":"<="}], "postprocess": id},
    {"name": "at_most", "symbols": [{"literal":"at"}, {"literal":"most"}], "postprocess": id},
    {"name": "at_most", "symbols": ["smaller", {"literal":"or"}, "equal"], "postprocess": id},
    {"name": "equal", "symbols": [{"literal":"="}], "postprocess": id},
    {"name": "equal", "symbols": [{"literal":"equal"}, {"literal":"to"}], "postprocess": id},
    {"name": "inside", "symbols": [{"literal":"between"}], "postprocess": id},
    {"name": "inside", "symbols": [{"literal":"outside"}], "postprocess": id},
    {"name": "ends", "symbols": ["value", {"literal":"and"}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "ends", "symbols": ["value", {"literal":"to"}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "ends", "symbols": ["value", {"literal":".."}, "value"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "ends", "symbols": ["number", {"literal":"-"}, "number"], "postprocess": (d) => [d[0], d[2]]},
    {"name": "dots", "symbols": ["number", {"literal":".."}, "number"], "postprocess": (d) => make.range('between', d[0].at, [d[0], d[2]])},
    {"name": "crossing", "symbols": [{"literal":"crosses"}], "postprocess": (d) => ({ direction: 'either', at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"crosses"}, {"literal":"above"}], "postprocess": (d) => ({ direction: 'above', at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"crosses"}, {"literal":"below"}], "postprocess": (d) => ({ direction: 'below', at: d[0].at })},
    {"name": "crossing", "symbols": ["rises", {"literal":"above"}], "postprocess": (d) => ({ direction: 'above', at: d[0].at })},
    {"name": "crossing", "symbols": ["falls", {"literal":"below"}], "postprocess": (d) => ({ direction: 'below', at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"hits"}], "postprocess": (d) => ({ direction: 'either', touch: true, at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"rises"}, {"literal":"to"}], "postprocess": (d) => ({ direction: 'above', touch: true, at: d[0].at })},
    {"name": "crossing", "symbols": ["downward", {"literal":"to"}], "postprocess": (d) => ({ direction: 'below', touch: true, at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"crosses"}, {"literal":"to"}], "postprocess": (d) => ({ direction: 'either', touch: true, at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"moves"}, {"literal":"above"}], "postprocess": (d) => ({ direction: 'above', at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"moves"}, {"literal":"below"}], "postprocess": (d) => ({ direction: 'below', at: d[0].at })},
    {"name": "crossing", "symbols": [{"literal":"moves"}, {"literal":"to"}], "postprocess": (d) => ({ direction: 'either', touch: true, at: d[0].at })},
    {"name": "move", "symbols": ["direction", "amount", "since"], "postprocess": (d) => make.move(d[0], d[1], d[2])},
    {"name": "move", "symbols": ["direction", "amount"], "postprocess": (d) => make.move(d[0], d[1], null)},
    {"name": "move", "symbols": ["direction", "since"], "postprocess": (d) => make.move(d[0], null, d[1])},
    {"name": "move", "symbols": ["direction", {"literal":"above"}, "number", "since"], "postprocess": (d) => make.move(d[0], d[2], d[3])},
    {"name": "direction", "symbols": ["rises"], "postprocess": (d) => ({ direction: 'up', at: d[0].at })},
    {"name": "direction", "symbols": ["falls"], "postprocess": (d) => ({ direction: 'down', at: d[0].at })},
    {"name": "direction", "symbols": [{"literal":"moves"}], "postprocess": (d) => ({ direction: 'either', at: d[0].at })},
    {"name": "rises", "symbols": [{"literal":"up"}], "postprocess": id},
    {"name": "rises", "symbols": [{"literal":"rises"}], "postprocess": id},
    {"name": "falls", "symbols": [{"literal":"down"}], "postprocess": id},
    {"name": "falls", "symbols": ["downward"], "postprocess": id},
    {"name": "downward", "symbols": [{"literal":"falls"}], "postprocess": id},
    {"name": "downward", "symbols": [{"literal":"drops"}], "postprocess": id},
    {"name": "amount", "symbols": ["number"], "postprocess": id},
    {"name": "amount", "symbols": [{"literal":"at"}, {"literal":"least"}, "number"], "postprocess": (d) => d[2]},
    {"name": "amount", "symbols": [{"literal":"more"}, {"literal":"than"}, "number"], "postprocess": (d) => d[2]},
    {"name": "since", "symbols": [{"literal":"in"}, "duration"], "postprocess": (d) => make.since({ type: 'window', ms: d[1].ms }, d[0], d[1])},
    {"name": "since", "symbols": [{"literal":"today"}], "postprocess": (d) => make.since({ type: 'today' }, d[0], d[0])},
    {"name": "since", "symbols": [{"literal":"from"}, "origin"], "postprocess": (d) => make.wider(d[0], d[1])},
    {"name": "origin", "symbols": [{"literal":"now"}], "postprocess": (d) => make.since({ type: 'now' }, d[0], d[0])},
    {"name": "origin", "symbols": [{"literal":"peak"}], "postprocess": (d) => make.since({ type: 'peak' }, d[0], d[0])},
    {"name": "origin", "symbols": [{"literal":"bottom"}], "postprocess": (d) => make.since({ type: 'bottom' }, d[0], d[0])},
    {"name": "origin", "symbols": ["duration", {"literal":"high"}], "postprocess": (d) => make.since({ type: 'high', ms: d[0].ms }, d[0], d[1])},
    {"name": "origin", "symbols": ["duration", {"literal":"low"}], "postprocess": (d) => make.since({ type: 'low', ms: d[0].ms }, d[0], d[1])},
    {"name": "origin", "symbols": ["value"], "postprocess": (d) => make.since({ type: 'level', level: d[0] }, d[0], d[0])},
    {"name": "apart", "symbols": ["distance", {"literal":"below"}, "origin"], "postprocess": (d) => make.apart('down', d[0], d[2])},
    {"name": "apart", "symbols": ["distance", {"literal":"above"}, "origin"], "postprocess": (d) => make.apart('up', d[0], d[2])},
    {"name": "apart", "symbols": ["distance", {"literal":"down"}, "since"], "postprocess": (d) => make.apart('down', d[0], d[2])},
    {"name": "apart", "symbols": ["distance", {"literal":"up"}, "since"], "postprocess": (d) => make.apart('up', d[0], d[2])},
    {"name": "distance", "symbols": ["digits", "unit"], "postprocess": (d) => make.figure(d[0], d[1])},
    {"name": "distance", "symbols": ["currency", "digits"], "postprocess": (d) => make.figure(d[1], d[0])},
    {"name": "value", "symbols": ["product"], "postprocess": id},
    {"name": "value", "symbols": ["value", {"literal":"+"}, "product"], "postprocess": (d) => make.arithmetic('+', d[0], d[2])},
    {"name": "value", "symbols": ["value", {"literal":"-"}, "product"], "postprocess": (d) => make.arithmetic('-', d[0], d[2])},
    {"name": "product", "symbols": ["signed"], "postprocess": id},
    {"name": "product", "symbols": ["product", {"literal":"*"}, "signed"], "postprocess": (d) => make.arithmetic('*', d[0], d[2])},
    {"name": "product", "symbols": ["product", {"literal":"/"}, "signed"], "postprocess": (d) => make.arithmetic('/', d[0], d[2])},
    {"name": "signed", "symbols": ["atom"], "postprocess": id},
    {"name": "signed", "symbols": [{"literal":"-"}, "signed"], "postprocess": (d) => make.minus(d[0], d[1])},
    {"name": "signed", "symbols": [{"literal":"+"}, "signed"], "postprocess": (d) => make.wider(d[0], d[1])},
    {"name": "atom", "symbols": ["figure"], "postprocess": id},
    {"name": "atom", "symbols": ["quantity"], "postprocess": id},
    {"name": "atom", "symbols": [{"literal":"("}, "value", {"literal":")"}], "postprocess": (d) => make.within(d[0], d[1], d[2])},
    {"name": "quantity", "symbols": [(lexer.has("symbol") ? {type: "symbol"} : symbol)], "postprocess": (d) => make.metric(make.symbol(d[0]), null)},
    {"name": "quantity", "symbols": [(lexer.has("symbol") ? {type: "symbol"} : symbol), "metric"], "postprocess": (d) => make.metric(make.symbol(d[0]), d[1])},
    {"name": "quantity", "symbols": ["metric"], "postprocess": (d) => make.bare(d[0])},
    {"name": "quantity", "symbols": ["call"], "postprocess": id},
    {"name": "metric", "symbols": [{"literal":"price"}], "postprocess": (d) => ({ metric: 'price', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"open"}], "postprocess": (d) => ({ metric: 'open', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"high"}], "postprocess": (d) => ({ metric: 'high', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"low"}], "postprocess": (d) => ({ metric: 'low', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"volume"}], "postprocess": (d) => ({ metric: 'volume', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"change"}], "postprocess": (d) => ({ metric: 'change', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"bid"}], "postprocess": (d) => ({ metric: 'bid', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"ask"}], "postprocess": (d) => ({ metric: 'ask', at: d[0].at })},
    {"name": "metric", "symbols": [{"literal":"previous"}, {"literal":"close"}], "postprocess": (d) => ({ metric: 'previous close', at: d[0].at, last: d[1].at })},
    {"name": "call", "symbols": [(lexer.has("call") ? {type: "call"} : call), {"literal":"("}, {"literal":")"}], "postprocess": (d) => make.call(d[0], [], d[2])},
    {"name": "call", "symbols": [(lexer.has("call") ? {type: "call"} : call), {"literal":"("}, "arguments", {"literal":")"}], "postprocess": (d) => make.call(d[0], d[2], d[3])},
    {"name": "arguments", "symbols": ["argument"], "postprocess": (d) => [d[0]]},
    {"name": "arguments", "symbols": ["arguments", {"literal":","}, "argument"], "postprocess": (d) => [...d[0], d[2]]},
    {"name": "argument", "symbols": ["value"], "postprocess": id},
    {"name": "argument", "symbols": [(lexer.has("span") ? {type: "span"} : span)], "postprocess": (d) => make.length(d[0])},
    {"name": "argument", "symbols": ["duration", "piece"], "postprocess": (d) => make.duration(d[0], d[1])},
    {"name": "number", "symbols": ["figure"], "postprocess": id},
    {"name": "number", "symbols": [{"literal":"-"}, "number"], "postprocess": (d) => make.minus(d[0], d[1])},
    {"name": "number", "symbols": [{"literal":"+"}, "number"], "postprocess": (d) => make.wider(d[0], d[1])},
    {"name": "figure", "symbols": ["digits"], "postprocess": (d) => make.figure(d[0], null)},
    {"name": "figure", "symbols": ["digits", "unit"], "postprocess": (d) => make.figure(d[0], d[1])},
    {"name": "figure", "symbols": ["currency", "digits"], "postprocess": (d) => make.figure(d[1], d[0])},
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
    {"name": "option", "symbols": [{"literal":"once"}], "postprocess": (d) => make.option({ name: 'once' }, d[0], d[0])},
    {"name": "option", "symbols": [{"literal":"repeat"}], "postprocess": (d) => make.option({ name: 'repeat' }, d[0], d[0])},
    {"name": "option", "symbols": [{"literal":"every"}, "duration"], "postprocess": (d) => make.option({ name: 'every', length: d[1] }, d[0], d[1])},
    {"name": "option", "symbols": [{"literal":"cooldown"}, "duration"], "postprocess": (d) => make.option({ name: 'cooldown', length: d[1] }, d[0], d[1])},
    {"name": "option", "symbols": [{"literal":"for"}, "duration"], "postprocess": (d) => make.option({ name: 'for', length: d[1] }, d[0], d[1])},
    {"name": "option", "symbols": [{"literal":"for"}, {"literal":"at"}, {"literal":"least"}, "duration"], "postprocess": (d) => make.option({ name: 'for', length: d[3] }, d[0], d[3])},
    {"name": "option", "symbols": [{"literal":"at"}, {"literal":"close"}], "postprocess": (d) => make.option({ name: 'at close' }, d[0], d[1])},
    {"name": "option", "symbols": [{"literal":"during"}, "hours"], "postprocess": (d) => make.option({ name: 'during', hours: d[1] }, d[0], d[1])},
    {"name": "option", "symbols": [{"literal":"until"}, "moment"], "postprocess": (d) => make.option({ name: 'until', moment: d[1] }, d[0], d[1])},
    {"name": "option", "symbols": [{"literal":"expires"}, {"literal":"in"}, "duration"], "postprocess": (d) => make.option({ name: 'expires in', length: d[2] }, d[0], d[2])},
    {"name": "option", "symbols": [{"literal":"via"}, "channels"], "postprocess": (d) => make.option({ name: 'via', channels: d[1] }, d[0], d[1].at(-1))},
    {"name": "option", "symbols": [{"literal":"urgent"}], "postprocess": (d) => make.option({ name: 'urgent' }, d[0], d[0])},
    {"name": "option", "symbols": [{"literal":"note"}, (lexer.has("note") ? {type: "note"} : note)], "postprocess": (d) => make.option({ name: 'note', note: d[1] }, d[0], d[1])},
    {"name": "duration", "symbols": ["piece"], "postprocess": id},
    {"name": "duration", "symbols": ["duration", "piece"], "postprocess": (d) => make.duration(d[0], d[1])},
    {"name": "piece", "symbols": [(lexer.has("span") ? {type: "span"} : span)], "postprocess": (d) => make.length(d[0])},
    {"name": "piece", "symbols": [(lexer.has("mixed") ? {type: "mixed"} : mixed)], "postprocess": (d) => make.length(d[0])},
    {"name": "hours", "symbols": ["session"], "postprocess": id},
    {"name": "hours", "symbols": ["session", {"literal":"hours"}], "postprocess": (d) => make.wider(d[1], d[0])},
    {"name": "hours", "symbols": [{"literal":"always"}], "postprocess": id},
    {"name": "session", "symbols": [{"literal":"regular"}], "postprocess": id},
    {"name": "session", "symbols": [{"literal":"extended"}], "postprocess": id},
    {"name": "channels", "symbols": ["channel"], "postprocess": (d) => [d[0]]},
    {"name": "channels", "symbols": ["channels", {"literal":","}, "channel"], "postprocess": (d) => [...d[0], d[2]]},
    {"name": "channels", "symbols": ["channels", {"literal":"and"}, "channel"], "postprocess": (d) => [...d[0], d[2]]},
    {"name": "channels", "symbols": ["channels", {"literal":","}, {"literal":"and"}, "channel"], "postprocess": (d) => [...d[0], d[3]]},
    {"name": "channel", "symbols": [{"literal":"sms"}], "postprocess": id},
    {"name": "channel", "symbols": [{"literal":"email"}], "postprocess": id},
    {"name": "channel", "symbols": [{"literal":"telegram"}], "postprocess": id},
    {"name": "channel", "symbols": [{"literal":"discord"}], "postprocess": id},
    {"name": "channel", "symbols": [{"literal":"digest"}], "postprocess": id},
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
