/**
 * The life of a service: start on a bus, drain, stop, in a known order.
 *
 * <p>One small interface lets the command line and a server host the same code.
 */
@NullMarked
package dev.birgus.infra.service;

import org.jspecify.annotations.NullMarked;
