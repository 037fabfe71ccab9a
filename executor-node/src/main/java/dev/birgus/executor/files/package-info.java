/**
 * Root file systems through Linux system calls: the only room that touches one.
 *
 * <p>Every path is resolved by the kernel inside its root, so that no link in a foreign tree can
 * lead out of it.
 */
@NullMarked
package dev.birgus.executor.files;

import org.jspecify.annotations.NullMarked;
