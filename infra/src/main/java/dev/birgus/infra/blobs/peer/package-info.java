/**
 * Blobs that nodes have from each other, by doors that they open for those who know a token.
 *
 * <p>The door reads one directory and writes nothing; who asks believes nothing but digests.
 */
@NullMarked
package dev.birgus.infra.blobs.peer;

import org.jspecify.annotations.NullMarked;
