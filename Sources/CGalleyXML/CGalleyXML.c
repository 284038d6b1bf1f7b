#include "CGalleyXML.h"
