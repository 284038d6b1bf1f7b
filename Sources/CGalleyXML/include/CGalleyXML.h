#ifndef CGALLEYXML_H
#define CGALLEYXML_H
#endif
