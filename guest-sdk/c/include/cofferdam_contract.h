/* The contract itself, as generated from wit/, for who needs it raw. Only inside a component. */
#include "../bindings/module.h"
