#include "CGalleyXML.h"

#include <libxml/HTMLparser.h>
#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// The state of one call; it lives on the stack of `galley_xml_check_html`.
typedef struct {
  htmlParserCtxtPtr parser;
  galley_xml_complaint *complaints;
  size_t capacity;
  const int32_t *ignored;
  size_t ignored_count;
  size_t found;
  size_t seen;
  int is_stopped;
  uint8_t *text;
  size_t text_capacity;
  size_t text_count;
} collector;

/// Refuses every external entity. The loader that libxml2 calls "no net" would still open files.
static xmlParserInputPtr refuse_entity(const char *url, const char *id, xmlParserCtxtPtr parser) {
  (void)url;
  (void)id;
  (void)parser;
  return NULL;
}

/// Prepares what is global in libxml2. The loader and the catalogs are of the process, so this happens once, before
/// the first document of any thread.
static void prepare(void) {
  xmlInitParser();
  xmlSetExternalEntityLoader(refuse_entity);
#ifdef LIBXML_CATALOG_ENABLED
  xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE);
#endif
}

/// Copies a text of libxml2 into the caller's buffer, at most 200 bytes of it and without
/// the line feed that ends a message.
static void copy_text(collector *c, const char *string, int32_t *start, int32_t *end) {
  size_t length = string ? strnlen(string, 200) : 0;
  if (length > 0 && string[length - 1] == '\n') length -= 1;
  if (length > c->text_capacity - c->text_count) length = c->text_capacity - c->text_count;
  *start = (int32_t)c->text_count;
  if (length > 0) memcpy(c->text + c->text_count, string, length);
  c->text_count += length;
  *end = (int32_t)c->text_count;
}

#if LIBXML_VERSION >= 21200
typedef const xmlError *error_pointer;
#else
typedef xmlErrorPtr error_pointer;
#endif

static int is_among(int code, const int32_t *codes, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (codes[i] == code) return 1;
  return 0;
}

/// The offset of the byte at which the parser stands.
///
/// `xmlByteConsumed` would convert the rest of the input back on each call, and is wrong 32 000 bytes before the end.
/// The input is UTF-8 and stays it, so counting is enough.
static int32_t position(htmlParserCtxtPtr parser) {
  htmlParserInputPtr input = parser->input;
  return input == NULL ? 0 : (int32_t)(input->consumed + (unsigned long)(input->cur - input->base));
}

/// Takes one complaint; libxml2 owns `error`, so everything wanted is copied.
static void collect(void *context, error_pointer error) {
  collector *c = context;
  if (c->is_stopped) return;
  c->seen += 1;
  int is_ignored = c->ignored_count > 0 && is_among(error->code, c->ignored, c->ignored_count);
  if (c->seen > GALLEY_XML_MAX_COMPLAINTS || (!is_ignored && c->found >= c->capacity)) {
    c->is_stopped = 1;
    xmlStopParser(c->parser);
    return;
  }
  if (is_ignored) return;
  galley_xml_complaint *complaint = &c->complaints[c->found];
  complaint->code = error->code;
  complaint->level = (int32_t)error->level;
  complaint->offset = position(c->parser);
  copy_text(c, error->message, &complaint->message_start, &complaint->message_end);
  copy_text(c, error->str1, &complaint->name_start, &complaint->name_end);
  c->found += 1;
}

galley_xml_status galley_xml_check_html(const uint8_t *bytes, size_t count, const int32_t *ignored,
                                        size_t ignored_count, galley_xml_complaint *complaints, size_t capacity,
                                        uint8_t *text, size_t text_capacity, size_t *found) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, prepare);
  *found = 0;
  if (count > GALLEY_XML_MAX_BYTES) return GALLEY_XML_TOO_LARGE;
  // The parser refuses an empty buffer, and nothing can be wrong in one.
  if (count == 0) return GALLEY_XML_DONE;

  htmlParserCtxtPtr parser = htmlNewParserCtxt();
  if (parser == NULL) return GALLEY_XML_NO_MEMORY;
  // Without callbacks no tree is built, which is half of the time; the parser complains all the same.
  memset(parser->sax, 0, sizeof *parser->sax);
  parser->sax->initialized = 1;

  collector c = {.parser = parser,
                 .complaints = complaints,
                 .capacity = capacity,
                 .ignored = ignored,
                 .ignored_count = ignored_count,
                 .text = text,
                 .text_capacity = text_capacity};
  // The handler is of the thread. Whatever the host had installed is put back.
  xmlStructuredErrorFunc handler = xmlStructuredError;
  void *handler_context = xmlStructuredErrorContext;
  xmlSetStructuredErrorFunc(&c, collect);
  htmlDocPtr document = htmlCtxtReadMemory(parser, (const char *)bytes, (int)count, NULL, "UTF-8",
                                           HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD |
                                               HTML_PARSE_IGNORE_ENC);
  xmlSetStructuredErrorFunc(handler_context, handler);
  if (document != NULL) xmlFreeDoc(document);
  htmlFreeParserCtxt(parser);

  *found = c.found;
  return c.is_stopped ? GALLEY_XML_STOPPED : GALLEY_XML_DONE;
}

int32_t galley_xml_version(void) { return (int32_t)strtol(xmlParserVersion, NULL, 10); }
