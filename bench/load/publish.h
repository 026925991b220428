#ifndef PUBLISH_H
#define PUBLISH_H

/// Post number n of a connection has the id ANSWER_ID_BASE + n, so that it is
/// never that of a greeting.
#define ANSWER_ID_BASE 100

#endif
