/**
 * HTTP/1.1 as registries are spoken to: blocking sockets, large reads, one thread a transfer. A
 * request is written and its answer read here; who is asked, what is shown to them and what is
 * tried again is decided by those who call.
 */
@NullMarked
package dev.birgus.infra.http;

import org.jspecify.annotations.NullMarked;
