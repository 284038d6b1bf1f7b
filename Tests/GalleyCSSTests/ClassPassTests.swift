import GalleyCSS
import Testing

private let nameCases: [PassCase] = [
  PassCase(
    "88 attributes, selectors and attribute selectors",
    "<style>.sm\\:w-1\\/2,[class~='sm:w-1/2'],[class=\"sm:w-1/2\"]{x:y}</style><p class='a sm:w-1/2'>",
    "<style>.sm-w-1-2,[class~='sm-w-1-2'],[class=\"sm-w-1-2\"]{x:y}</style><p class='a sm-w-1-2'>"),
  PassCase(
    "88 media, nested rules and functions", "<style>@media x{p:not(.a\\:b){.c\\:d &{x:y}}}</style><p class='a:b c:d'>",
    "<style>@media x{p:not(.a-b){.c-d &{x:y}}}</style><p class='a-b c-d'>"),
  PassCase(
    "88 conditional comments",
    "<!--[if mso]><style>.a\\:b{x:y}</style><p class=a:b><![endif]--><p class=a:b>",
    "<!--[if mso]><style>.a-b{x:y}</style><p class=a-b><![endif]--><p class=a-b>"),
  PassCase("88 two names that become one", "<p class='a:b a/b a-b A-B'>", "<p class='a-b-2 a-b-3 a-b A-B'>"),
  PassCase(
    "88 names that start with a digit", "<p class='2xl:p-4 10 -1 w-[10px] !m'>",
    "<p class='c-2xl-p-4 c-10 c--1 w-10px m'>"),
  PassCase(
    "88 escapes of all kinds", "<style>.\\32xl\\3A p .b{x:y}</style><p class=2xl:p>",
    "<style>.c-2xl-p .b{x:y}</style><p class=c-2xl-p>"),
  PassCase("88 character references", "<p class=\"a&#58;b\">", "<p class=\"a-b\">"),
  PassCase("88 values are no selectors", same: "<style>p{filter:progid:A.b\\:c(x)}</style>"),
  PassCase("88 layers are no selectors", same: "<style>@layer a.b\\:c{p{x:y}}</style>"),
  PassCase("88 letters of other scripts", same: "<p class=grün>"),
  PassCase("88 client hacks", same: "<style>.aolmail_a\\:b{x:y}</style><p class=aolmail_a:b>"),
  PassCase(
    "88 literal names beside a placeholder", "<style>.a\\:b{x:y}</style><p class='a:b {{x}}'>",
    "<style>.a-b{x:y}</style><p class='a-b {{x}}'>"),
  PassCase(
    "88 a name that a placeholder may become", same: "<style>.sm\\:b{x:y}</style><p class=sm:{{x}}><p class=sm:b>"),
  PassCase(
    "88 a name that ends as a placeholder does", same: "<style>.b\\:c{x:y}</style><p class={{x}}:c><p class=b:c>"),
  PassCase("88 a name that begins as each new one would", same: "<p class=\"`wr w{{x}}\">"),
  PassCase("88 a name that a condition touches", same: "<p class=\"{{#if x}}a:b{{/if}}\"><p class=a:b>"),
  PassCase("88 a placeholder in a selector", same: "<style>.a\\:{{x}}{x:y}</style><p class=a:b>"),
  PassCase("88 a test of part of a value", same: "<style>[class*='m:w']{x:y}</style><p class=sm:w>"),
  PassCase(
    "88 a test that comes out the same", "<style>[class*='sm']{x:y}</style><p class=sm:w>",
    "<style>[class*='sm']{x:y}</style><p class=sm-w>"),
  PassCase("88 a test without regard to case", same: "<style>[class~='a:b' i]{x:y}</style><p class=A:B>"),
]

private let removalCases: [PassCase] = [
  PassCase("56 an unused class", "<p class=\"a\" id=b><p id=b class='a'><p class>", "<p id=b><p id=b><p>"),
  PassCase(
    "56 one name of several", "<style>.b{x:y}</style><p class=\"a b  c\">", "<style>.b{x:y}</style><p class=\"b\">"),
  PassCase("56 an attribute that touches the next", "<p class=\"a\"id=b>", "<p id=b>"),
  PassCase("56 all names used", same: "<style>.a.b:hover{x:y}</style><p class=\" b  a \">"),
  PassCase(
    "89 kept media, client hacks and conditionals",
    same: "<style>@media x{.a{x:y}}u + .b .c{x:y}</style><!--[if mso]><style>.d{x:y}</style><p class=e><![endif]-->"
      + "<p class='a b c d e ExternalClass MsoNormal'>"),
  PassCase("89 attribute selectors", same: "<style>[class~=a],[class=\"b c\"]{x:y}</style><p class=a><p class='b c'>"),
  PassCase("89 a test of the whole value", same: "<style>[class^=wide]{x:y}</style><p class='wide-1 no'>"),
  PassCase(
    "89 a test that comes out the same", "<style>[class^=wide]{x:y}</style><p class='no'>",
    "<style>[class^=wide]{x:y}</style><p>"),
  PassCase("89 a test of presence", same: "<style>[class]{x:y}</style><p class='no'>"),
  PassCase("89 placeholders", same: "<p class='a {{b}}'><p {{#if x}}class=a{{/if}}>"),
  PassCase("89 rules out of a placeholder", same: "<style>{{css}}</style><p class=a>"),
  PassCase("89 a selector out of a placeholder", same: "<style>.{{x}}{x:y}</style><p class=a>"),
  PassCase("89 a value out of a placeholder", "<style>.b{x:{{x}}}</style><p class=a>", "<style>.b{x:{{x}}}</style><p>"),
  PassCase("89 another sheet", same: "<style>@import 'a.css';</style><p class=a>"),
  PassCase("89 a linked sheet", same: "<link rel=stylesheet href=a.css><p class=a>"),
  PassCase("89 a second class", same: "<p class=a class=b>"),
  PassCase("89 names in another case", same: "<style>.A{x:y}</style><p class=A>"),
]

@Suite struct ClassPassTests {
  @Test(arguments: nameCases) fileprivate func `classes get safe names`(_ test: PassCase) { test.check(.classNames) }

  @Test(arguments: removalCases) fileprivate func `unused classes go`(_ test: PassCase) { test.check(.classRemoval) }

  @Test func `89 the purge of rules spares conditionals, media, client hacks and placeholders`() {
    var options = CSSInliner.Options()
    options.purgesUnmatched = true
    options.inlinesConditionals = false
    let html = """
      <style>.a:hover{x:y}.no{x:y}@media x{.b{x:y}.no{x:y}}.ExternalClass p{x:y}.c{x:y}</style>
      <!--[if mso]><p class=c><![endif]--><p class=a><p class=b>
      """
    let output = CSSInliner(options: options).inline(html)
    for rule in [".a:hover{", ".b{", ".ExternalClass p{", ".c{"] { #expect(output.contains(rule), "\(rule)") }
    #expect(!output.contains(".no"))
  }
}
