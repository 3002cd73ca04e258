/* What lives until the attempt ends: the documents and lists that a module's structs point into. */
#ifndef COFFERDAM_KEPT_H
#define COFFERDAM_KEPT_H

#include <stddef.h>

/* Keeps `memory`, and releases it with everything else that is kept. Gives it back. */
void *keep(void *memory, void (*release)(void *memory));

void release_kept(void);

#endif
