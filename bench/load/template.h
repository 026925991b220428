// The frames of --post and --hello: text with placeholders (see --help).
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stddef.h>

#include "marker.h"
#include "options.h"

#define FILLED_BYTES_MAX (128 * 1024)

/// Writes the text with its placeholders filled in for one post; returns the
/// number of bytes. `to` has room for FILLED_BYTES_MAX.
size_t fill_template(const Options *options, const char *text, Marker marker,
                     char *to);

#endif
