/* What the C library has for descriptors that are sockets. In a module none is one, and each is an ordinary error here: the
 * library's own calls end in a trap where a component has no sockets. Empty on every other target. */
#ifdef __wasm__

#include <errno.h>
#include <sys/socket.h>

static int no_socket(void) {
    errno = ENOTSOCK;
    return -1;
}

int accept(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length) {
    (void)descriptor, (void)address, (void)length;
    return no_socket();
}

int accept4(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length, int flags) {
    (void)descriptor, (void)address, (void)length, (void)flags;
    return no_socket();
}

ssize_t recv(int descriptor, void *bytes, size_t length, int flags) {
    (void)descriptor, (void)bytes, (void)length, (void)flags;
    return no_socket();
}

ssize_t send(int descriptor, const void *bytes, size_t length, int flags) {
    (void)descriptor, (void)bytes, (void)length, (void)flags;
    return no_socket();
}

int shutdown(int descriptor, int how) {
    (void)descriptor, (void)how;
    return no_socket();
}

#else

/* A file has to declare something. */
typedef int cofferdam_no_sockets;

#endif
