/**
 * Who we are to a registry: docker configuration files, credential helpers, variables and clouds,
 * in kaniko's order.
 *
 * <p>A secret found here goes to the registry it belongs to and nowhere else; nothing in this room
 * prints one.
 */
@NullMarked
package dev.birgus.infra.credentials;

import org.jspecify.annotations.NullMarked;
