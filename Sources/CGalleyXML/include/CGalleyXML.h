/// CGalleyXML: libxml2 behind a header of our own.
///
/// It lets libxml2's HTML parser read a document in memory and hands back what the parser complained about. Nothing
/// of libxml2 shows: no type, no allocation, no global. Nothing is loaded, printed or written: the parser sees the
/// given bytes and no file, no network, no catalog, no external entity.
///
/// What must hold: the caller owns all memory that crosses this header; no pointer is kept after a call returns. Any
/// number of threads may call at once. The caller bounds the number of attributes of one element, because libxml2's
/// time grows with its square.

#ifndef CGALLEYXML_H
#define CGALLEYXML_H

#include <stddef.h>
#include <stdint.h>

/// The largest document that is read: 2 MiB.
#define GALLEY_XML_MAX_BYTES 2097152

/// How many complaints the parser may raise, ignored ones included, before it is stopped. Each costs a microsecond
/// or two, and two million of them fit into a document.
#define GALLEY_XML_MAX_COMPLAINTS 10000

/// One complaint of the parser.
///
/// `message` and `name` are ranges of the text buffer that the caller gave; a name is what the complaint is about,
/// such as an element or an identifier, and may be empty. Both are cut at 200 bytes and where the buffer is full.
typedef struct {
  /// libxml2's code, such as 76 for a tag that does not match.
  int32_t code;
  /// 1 for a warning, 2 for an error, 3 for an error after which the parser went no further.
  int32_t level;
  /// The offset of the byte at which the parser stood.
  int32_t offset;
  int32_t message_start;
  int32_t message_end;
  int32_t name_start;
  int32_t name_end;
} galley_xml_complaint;

/// How a check ended.
typedef enum {
  /// The parser has seen the whole document.
  GALLEY_XML_DONE = 0,
  /// The array of complaints was full, or `GALLEY_XML_MAX_COMPLAINTS` was reached: the parser was stopped.
  GALLEY_XML_STOPPED = 1,
  /// The document is larger than `GALLEY_XML_MAX_BYTES`; it was not looked at.
  GALLEY_XML_TOO_LARGE = 2,
  /// libxml2 got no memory; the document was not looked at.
  GALLEY_XML_NO_MEMORY = 3
} galley_xml_status;

/// Reads `count` bytes of UTF-8 as HTML and collects complaints in the order of finding.
///
/// Complaints with one of the `ignored` codes are left out. `complaints` has room for `capacity` entries, `text` for
/// `text_capacity` bytes; all arrays stay the caller's. The number of complaints is written to `found`.
galley_xml_status galley_xml_check_html(const uint8_t *bytes, size_t count, const int32_t *ignored,
                                        size_t ignored_count, galley_xml_complaint *complaints, size_t capacity,
                                        uint8_t *text, size_t text_capacity, size_t *found);

/// The version of the libxml2 that is linked, such as 20914 for 2.9.14.
int32_t galley_xml_version(void);

#endif
