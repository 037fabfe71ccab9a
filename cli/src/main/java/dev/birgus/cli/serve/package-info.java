/**
 * The services as a server: put together by settings, with doors, and ended in order.
 *
 * <p>Beside the command line it is the only place that sees all services; no build in one process
 * loads anything of it.
 */
@NullMarked
package dev.birgus.cli.serve;

import org.jspecify.annotations.NullMarked;
