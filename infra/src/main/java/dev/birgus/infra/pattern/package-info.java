/**
 * Patterns of paths as .dockerignore, {@code --exclude} and {@code --parents} have them.
 *
 * <p>Pure: paths are texts with slashes, nothing here looks at a file.
 */
@NullMarked
package dev.birgus.infra.pattern;

import org.jspecify.annotations.NullMarked;
