/**
 * How layers are compressed: gzip by one of several engines, and zstd.
 *
 * <p>Every engine writes what any reader of its format reads, and is loaded when it is asked for.
 */
@NullMarked
package dev.birgus.executor.compression;

import org.jspecify.annotations.NullMarked;
