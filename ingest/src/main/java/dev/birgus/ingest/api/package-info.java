/**
 * The door builds come in by over HTTP, and by which they are watched.
 *
 * <p>What a client asks for is checked here as if it were hostile: it names no file of a node, and
 * no more secrets than the settings allow.
 */
@NullMarked
package dev.birgus.ingest.api;

import org.jspecify.annotations.NullMarked;
