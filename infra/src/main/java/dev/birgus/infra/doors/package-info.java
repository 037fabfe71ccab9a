/**
 * HTTP doors of a server: routes served by code that may block, on a server that never does.
 *
 * <p>Nothing outside of this package sees the HTTP server or the metrics library.
 */
@NullMarked
package dev.birgus.infra.doors;

import org.jspecify.annotations.NullMarked;
