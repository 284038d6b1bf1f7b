import GalleyCSS
import Testing

private let shorthandCases: [PassCase] = [
  .style(
    "86 four equal longhands make one value", "margin-top:1px;margin-right:1px;margin-bottom:1px;margin-left:1px",
    "margin:1px"),
  .style(
    "86 two, three and four values",
    "margin-top:1px;margin-right:2px;margin-bottom:1px;margin-left:2px;"
      + "padding-top:1px;padding-right:2px;padding-bottom:3px;padding-left:2px;"
      + "border-top-width:1px;border-right-width:2px;border-bottom-width:3px;border-left-width:4px",
    "margin:1px 2px;padding:1px 2px 3px;border-width:1px 2px 3px 4px"),
  .style(
    "86 in any order, with spaces as written",
    "margin-left: auto; color: red; margin-top: 0; margin-bottom: 0px; margin-right: auto",
    "color: red; margin: 0 auto"),
  .style(
    "86 all of them important",
    "margin-top:0!important;margin-right:0 !important;margin-bottom:0!important;margin-left:0 !important",
    "margin:0 !important"),
  .style("86 one missing", same: "margin-top:0;margin-right:0;margin-left:0"),
  .style(
    "86 importance that differs", same: "margin-top:0!important;margin-right:0;margin-bottom:0;margin-left:0"),
  .style(
    "86 a value with a placeholder", same: "margin-top:{{x}};margin-right:0;margin-bottom:0;margin-left:0"),
  .style(
    "86 a placeholder between", same: "margin-top:0;margin-right:0;{{x}};margin-bottom:0;margin-left:0"),
  .style(
    "86 a condition between", same: "margin-top:0;margin-right:0;{{#if x}}margin-bottom:0;{{/if}}margin-left:0"),
  .style(
    "86 a placeholder elsewhere", "color:{{x}};margin-top:0;margin-right:0;margin-bottom:0;margin-left:0;{{y}}",
    "color:{{x}};margin:0;{{y}}"),
  .style("86 inherit in the mix", same: "margin-top:inherit;margin-right:0;margin-bottom:0;margin-left:0"),
  .style(
    "86 inherit everywhere",
    same: "margin-top:inherit;margin-right:inherit;margin-bottom:inherit;margin-left:inherit"),
  .style("86 var", same: "margin-top:var(--x);margin-right:0;margin-bottom:0;margin-left:0"),
  .style("86 calc", same: "margin-top:calc(1px + 1%);margin-right:0;margin-bottom:0;margin-left:0"),
  .style("86 a value that is invalid", same: "margin-top:5;margin-right:0;margin-bottom:0;margin-left:0"),
  .style("86 a negative padding", same: "padding-top:-5px;padding-right:0;padding-bottom:0;padding-left:0"),
  .style(
    "86 a negative margin", "margin-top:-5px;margin-right:0;margin-bottom:0;margin-left:0", "margin:-5px 0 0"),
  .style(
    "86 a fallback among them",
    same: "margin-top:1px;margin-top:1rem;margin-right:0;margin-bottom:0;margin-left:0"),
  .style(
    "86 a shorthand between", same: "margin-top:0;margin-right:0;margin:5px;margin-bottom:0;margin-left:0"),
  .style(
    "86 a shorthand before", "margin:5px;margin-top:0;margin-right:0;margin-bottom:0;margin-left:0",
    "margin:5px;margin:0"),
  .style(
    "86 a logical property between", same: "margin-top:0;margin-inline:5px;margin-right:0;margin-bottom:0;margin-left:0"
  ),
  .style(
    "86 a hack between", same: "margin-top:0;_margin:5px;margin-right:0;margin-bottom:0;margin-left:0"),
  .style("86 the capital hack", same: "Margin-top:0;Margin-right:0;Margin-bottom:0;Margin-left:0"),
  .style("86 all between", same: "margin-top:0;all:unset;margin-right:0;margin-bottom:0;margin-left:0"),
  .style(
    "86 the parts of one side", "border-top-width:1px;border-top-color:#ccc;border-top-style:solid",
    "border-top:1px solid #ccc"),
  .style(
    "86 twelve longhands of borders",
    "border-top-width:1px;border-top-style:solid;border-top-color:red;"
      + "border-right-width:1px;border-right-style:solid;border-right-color:red;"
      + "border-bottom-width:1px;border-bottom-style:solid;border-bottom-color:red;"
      + "border-left-width:1px;border-left-style:solid;border-left-color:RED",
    "border-width:1px;border-style:solid;border-color:red"),
  .style(
    "86 corners",
    "border-top-left-radius:1px;border-top-right-radius:2px;border-bottom-right-radius:1px;"
      + "border-bottom-left-radius:2px", "border-radius:1px 2px"),
  .style(
    "86 a corner with two radii",
    same: "border-top-left-radius:1px 2px;border-top-right-radius:2px;border-bottom-right-radius:1px;"
      + "border-bottom-left-radius:2px"),
  PassCase(
    "86 a rule that stays",
    "<style>@media x{p{padding-top:0;padding-right:1px;\n padding-bottom:0;padding-left:1px}}</style>",
    "<style>@media x{p{padding:0 1px}}</style>"),
  PassCase(
    "86 a sheet that is kept",
    same: "<style data-embed>p{padding-top:0;padding-right:1px;padding-bottom:0;padding-left:1px}</style>"),
  PassCase(
    "86 a conditional comment",
    same: "<!--[if mso]><p style=\"margin-top:0;margin-right:0;margin-bottom:0;margin-left:0\"><![endif]-->"),
  PassCase(
    "86 a value with character references",
    "<p style=\"font-family:&quot;A&quot;;margin-top:0;margin-right:0;"
      + "margin-bottom:0;margin-left:0;color:red\">", "<p style=\"font-family:&quot;A&quot;;margin:0;color:red\">"),
  PassCase(
    "86 an element left alone",
    same: "<p data-galley=keep style=\"margin-top:0;margin-right:0;margin-bottom:0;margin-left:0\">"),
]

private let zeroCases: [PassCase] = [
  .style("87 lengths", "margin:0px 0em 0pt 0.0px;width:0PX", "margin:0 0 0 0;width:0"),
  .style("87 signs", "margin:-0px +0px", "margin:0 0"),
  .style("87 zero percent", same: "width:0%;background-position:0% 0%"),
  .style("87 time, angle and fraction", same: "transition:all 0s;transform:rotate(0deg);grid-template-columns:0fr"),
  .style("87 a number that means something else", same: "line-height:0px;tab-size:0px;flex:1 1 0px;flex-basis:0px"),
  .style("87 functions", same: "width:calc(0px + 1%);margin:min(0px,1%);color:hsl(0,0%,0%);clip:rect(0px,0px,0px,0px)"),
  .style("87 custom properties", same: "--x:0px"),
  .style("87 urls and strings", same: "background:url(0px.png);background:url('0px');font-family:'0px'"),
  .style(
    "87 border and background", "border:0px solid;background:url(a) 0px 0px", "border:0 solid;background:url(a) 0 0"),
  .style("87 no zero", same: "margin:10px 0.5px .1em"),
  .style("87 what would join the next token", same: "margin:0px.5px"),
  .style("87 newer units", same: "width:0dvh"),
  .style("87 a value with a placeholder", same: "margin:0px {{x}};margin:{{x}}0px"),
  .style("87 an unknown property", same: "mso-table-lspace:0pt"),
  PassCase(
    "87 keyframes and preludes", "<style>@media(min-width:0px){p{margin:0px}}@keyframes x{0%{margin:0px}}</style>",
    "<style>@media(min-width:0px){p{margin:0}}@keyframes x{0%{margin:0px}}</style>"),
]

@Suite struct StylePassTests {
  @Test(arguments: shorthandCases) fileprivate func `longhands are merged`(_ test: PassCase) {
    test.check(.shorthands)
  }

  @Test(arguments: zeroCases) fileprivate func `zeros lose their unit`(_ test: PassCase) { test.check(.zeros) }
}
