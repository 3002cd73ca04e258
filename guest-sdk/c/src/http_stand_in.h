/* What answers the requests of the attempt that runs, in native tests. */
#ifndef COFFERDAM_HTTP_STAND_IN_H
#define COFFERDAM_HTTP_STAND_IN_H

#include <cofferdam_test.h>

void http_stand_in(cofferdam_servers answers);

#endif
