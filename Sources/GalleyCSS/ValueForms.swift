/// What the values of the properties that mails use are made of, as text that `ValueGrammar` is built from.
///
/// Not all that CSS has: what is missing here is doubtful, which costs a few bytes, while what is wrongly here may cost
/// a declaration that the author wrote.
enum ValueForms {
  /// What a component may be: its name, its kinds, and behind a colon its words.
  static let slots = """
    color color: @colors
    auto length percentage negative: auto
    length length percentage
    distance length
    indent length percentage negative
    size length percentage: auto max-content min-content fit-content
    most length percentage: none max-content min-content fit-content
    spacing length negative: normal
    line-height length percentage number: normal
    line-width length: thin medium thick
    line-style: none hidden dotted dashed solid double groove ridge inset outset
    outline-style: auto none dotted dashed solid double groove ridge inset outset
    radius length percentage
    radius-behind length percentage behindSlash
    position length percentage negative: left right top bottom center
    image-size length percentage: auto cover contain
    image-size-behind length percentage behindSlash: auto cover contain
    repeat: repeat no-repeat repeat-x repeat-y space round
    attachment: scroll fixed local
    box: border-box padding-box content-box
    clip: border-box padding-box content-box text
    image image: none
    last-color color inLastLayer: @colors
    font-size length percentage: xx-small x-small small medium large x-large xx-large smaller larger
    font-style: normal italic oblique
    font-variant: normal small-caps
    font-weight weight: normal bold bolder lighter
    font-stretch: normal condensed expanded semi-condensed semi-expanded extra-condensed extra-expanded \
    ultra-condensed ultra-expanded
    vertical length percentage negative: baseline sub super text-top text-bottom middle top bottom
    decoration-line: none underline overline line-through blink
    decoration-style: solid double dotted dashed wavy
    opacity number percentage negative
    order integer negative
    level integer negative: auto
    factor number
    list-type: none disc circle square decimal decimal-leading-zero lower-roman upper-roman lower-greek lower-latin \
    upper-latin lower-alpha upper-alpha armenian georgian
    list-position: inside outside
    display: none block inline inline-block table inline-table table-row table-cell table-row-group \
    table-header-group table-footer-group table-column table-column-group table-caption list-item
    text-align: left right center justify
    float: left right none
    clear: left right both none
    visibility: visible hidden collapse
    text-transform: none uppercase lowercase capitalize
    border-collapse: collapse separate
    table-layout: auto fixed
    position-scheme: static relative absolute fixed
    direction: ltr rtl
    white-space: normal nowrap pre pre-wrap pre-line
    overflow: visible hidden scroll auto
    word-break: normal break-all keep-all break-word
    wrap: normal break-word
    box-sizing: content-box border-box
    caption-side: top bottom
    empty-cells: show hide
    cursor: auto default none context-menu help pointer progress wait cell crosshair text vertical-text alias copy \
    move no-drop not-allowed n-resize e-resize s-resize w-resize ne-resize nw-resize se-resize sw-resize ew-resize \
    ns-resize nesw-resize nwse-resize all-scroll col-resize row-resize zoom-in zoom-out grab grabbing
    shadow-length length negative
    shadow-word: none inset
    """

  /// Properties, and behind a colon the slots of their values, how many of each; a comma stands for layers.
  static let forms = """
    color background-color border-top-color border-right-color border-bottom-color border-left-color outline-color: \
    color
    margin: auto*4
    margin-inline margin-block inset-inline inset-block: auto*2
    inset: auto*4
    margin-top margin-right margin-bottom margin-left top right bottom left margin-inline-start margin-inline-end \
    margin-block-start margin-block-end inset-inline-start inset-inline-end inset-block-start inset-block-end: auto
    padding: length*4
    padding-inline padding-block: length*2
    padding-top padding-right padding-bottom padding-left padding-inline-start padding-inline-end \
    padding-block-start padding-block-end: length
    width height min-width min-height: size
    max-width max-height: most
    text-indent: indent
    letter-spacing word-spacing: spacing
    line-height: line-height
    border border-top border-right border-bottom border-left border-inline border-inline-start border-inline-end \
    border-block border-block-start border-block-end: line-width line-style color
    outline: line-width outline-style color
    border-width: line-width*4
    border-top-width border-right-width border-bottom-width border-left-width outline-width: line-width
    border-style: line-style*4
    border-top-style border-right-style border-bottom-style border-left-style: line-style
    outline-style: outline-style
    border-color: color*4
    border-radius: radius-behind*4 radius*4
    border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius: radius*2
    border-spacing: distance*2
    background: image-size-behind*2 position*4 repeat*2 attachment box*2 image last-color ,
    background-image: image ,
    background-position: position*4 ,
    background-size: image-size*2 ,
    background-repeat: repeat*2 ,
    background-attachment: attachment ,
    background-origin: box ,
    background-clip: clip ,
    font: font-style font-variant font-weight font-stretch
    font-family: font-style
    font-size: font-size
    font-style: font-style
    font-variant: font-variant
    font-weight: font-weight
    font-stretch: font-stretch
    vertical-align: vertical
    text-decoration: decoration-line*3 decoration-style color
    text-decoration-line: decoration-line*3
    text-decoration-style: decoration-style
    text-decoration-color: color
    opacity: opacity
    z-index: level
    order: order
    flex-grow flex-shrink: factor
    list-style: list-position list-type image
    list-style-position: list-position
    list-style-image: image
    display: display
    text-align: text-align
    float: float
    clear: clear
    visibility: visibility
    text-transform: text-transform
    border-collapse: border-collapse
    table-layout: table-layout
    position: position-scheme
    direction: direction
    white-space: white-space
    overflow: overflow*2
    overflow-x overflow-y: overflow
    word-break: word-break
    overflow-wrap word-wrap: wrap
    box-sizing: box-sizing
    caption-side: caption-side
    empty-cells: empty-cells
    cursor: cursor
    box-shadow: shadow-length*4 color shadow-word ,
    text-shadow: shadow-length*3 color shadow-word ,
    """

  static let units = "px em rem pt pc in cm mm ex ch vw vh vmin vmax"

  /// The words that any property takes.
  static let wideWords = "inherit initial unset revert"

  /// The functions of which only what they stand for tells whether the value is valid.
  static let substituting = "var env"

  static let calculating = "calc min max clamp round mod rem abs sign sin cos tan asin acos atan pow sqrt hypot log exp"

  static let coloring = "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark"

  static let picturing = """
    url linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient \
    repeating-conic-gradient image-set cross-fade element paint
    """

  static let systemFonts = "caption icon menu message-box small-caption status-bar"

  static let colors = """
    transparent currentcolor aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue \
    blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan \
    darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange \
    darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise \
    darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia \
    gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory \
    khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow \
    lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray \
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue \
    mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred \
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid \
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple \
    rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue \
    slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat \
    white whitesmoke yellow yellowgreen
    """
}
