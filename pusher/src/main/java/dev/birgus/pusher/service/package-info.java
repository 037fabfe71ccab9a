/**
 * The pusher on the bus.
 *
 * <p>It makes the deliveries of a build in the order that leaves least behind when one fails, and
 * reports each.
 */
@NullMarked
package dev.birgus.pusher.service;

import org.jspecify.annotations.NullMarked;
