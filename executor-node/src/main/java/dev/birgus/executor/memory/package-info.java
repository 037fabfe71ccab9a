/**
 * Root file systems that are held in memory: what is there, and where the bytes of files are.
 *
 * <p>A stage that runs nothing needs no other, so nothing is unpacked or copied for it.
 */
@NullMarked
package dev.birgus.executor.memory;

import org.jspecify.annotations.NullMarked;
