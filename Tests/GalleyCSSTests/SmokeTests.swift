import GalleyCSS
import Testing

@Suite struct SmokeTests {
  @Test func `rules move into style attributes`() {
    let html = """
      <html><head><style>
        /* c */
        p { color: red; margin: 0 }
        .a, .b:hover { color: "x" }
        #i > b { font-family: "Arial", sans-serif !important }
        @media (max-width: 600px) { p { color: blue; padding: 0 } .zz { a: b } }
      </style></head><body><p class=a>x<b>y</b></p><p id=i style='margin-top: 1px'><b>c</b><br></p>
      <!--[if mso]><p>hidden</p><![endif]-->
      </body></html>
      """
    let out = CSSInliner().inline(html)
    print(out)
    print(CSSInliner().inline(out) == out)
    #expect(CSSInliner().inline("<style>p { color: red }</style><p>Hello</p>") == "<p style=\"color: red\">Hello</p>")
  }
}
